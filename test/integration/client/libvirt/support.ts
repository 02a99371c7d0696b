import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { connect, type Connection } from '../../../../src/client/libvirt/connect.ts';
import { isLibvirtError } from '../../../../src/client/libvirt/error.ts';
import {
  type PrivateDaemon,
  type PrivateDaemonOptions,
  startPrivateDaemon,
} from '../../../support/private-daemon.ts';

/** What a suite's tests share, from before the first of them until after the last. */
export interface Bench {
  readonly daemon: PrivateDaemon;
  /** To QEMU. */
  readonly qemu: Connection;
  /** To libvirt's test driver: its default host, which all who connect to the daemon share. */
  readonly test: Connection;
}

/** A private daemon with a connection to each driver, for the suite that calls this. */
export function useBench(options: PrivateDaemonOptions = {}): Bench {
  const bench: { -readonly [K in keyof Bench]?: Bench[K] } = {};
  before(async () => {
    bench.daemon = await startPrivateDaemon(options);
    bench.qemu = await connect(bench.daemon.uri, AbortSignal.timeout(20_000));
    bench.test = await connect(bench.daemon.testUri, AbortSignal.timeout(20_000));
  });
  after(async () => {
    bench.qemu?.close();
    bench.test?.close();
    await bench.daemon?.dispose();
  });
  const get = <K extends keyof Bench>(key: K): Bench[K] => {
    const value = bench[key];
    assert.ok(value, 'The bench is ready once the tests run');
    return value;
  };
  return {
    get daemon() {
      return get('daemon');
    },
    get qemu() {
      return get('qemu');
    },
    get test() {
      return get('test');
    },
  };
}

/** Asserts that the daemon refuses with that code, and that its own words arrive. */
export async function refused(call: Promise<unknown>, code: number, message: RegExp): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(isLibvirtError(error), String(error));
    assert.match(error.message, message);
    assert.equal(error.code, code);
    return true;
  });
}

/** Collects what a listener is called with; {@link next} waits for the next that fits. */
export class Heard<T> {
  readonly all: T[] = [];
  readonly hear = (value: T): void => {
    this.all.push(value);
    for (const wake of this.#waiting.splice(0)) wake();
  };
  readonly #waiting: (() => void)[] = [];

  async next(fits: (value: T) => boolean = () => true): Promise<T> {
    const deadline = AbortSignal.timeout(20_000);
    const nothing = new Error('Nothing of the kind was heard');
    for (;;) {
      const found = this.all.findIndex(fits);
      const [value] = found === -1 ? [] : this.all.splice(found, 1);
      if (value !== undefined) return value;
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push(resolve);
        deadline.addEventListener('abort', () => reject(nothing));
      });
    }
  }
}

/** A qcow2 file of so many MiB, all of them allocated, in a folder of the host's that is a pool too. */
export async function makeDisk({ daemon, qemu }: Bench, name: string, mebibytes: number): Promise<string> {
  const folder = join(daemon.folder, 'lib', 'images');
  const xml = `<pool type="dir"><name>images</name><target><path>${folder}</path></target></pool>`;
  const existing = (await qemu.storagePools.list()).find((pool) => pool.name === 'images');
  const pool = existing ?? (await qemu.storagePools.createXml(xml));
  const size = `<capacity unit="MiB">${mebibytes}</capacity><allocation unit="MiB">${mebibytes}</allocation>`;
  // Bitmaps, and so checkpoints, need the newer of the two qcow2 formats.
  const target = `<target><format type="qcow2"/><compat>1.1</compat></target>`;
  const volume = `<volume><name>${name}.qcow2</name>${size}${target}</volume>`;
  return qemu.storageVolumes.path(await qemu.storageVolumes.create(pool, volume));
}

/** Devices of a domain's XML: a disk of that file at vda. */
export function diskXml(path: string): string {
  return `<disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="${path}"/>
    <target dev="vda" bus="virtio"/></disk>`;
}
