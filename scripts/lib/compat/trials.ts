import { randomUUID } from 'node:crypto';
import { Host } from '../../../src/model/inventory/host.ts';
import { connect, type Connection } from '../../../src/client/libvirt/connect.ts';
import { StartDomain } from '../../../src/client/libvirt/domain/domain.ts';
import { tinyOsXml } from '../../../test/support/tiny-os.ts';
import { check } from './check.ts';
import type { CompatDaemon } from './daemon.ts';
import { trialOfPasst } from './passt.ts';

/** How a driver fared: its name and version, and `ok` or the exact error. */
export interface Verdict {
  readonly driver: string;
  readonly libvirt: string;
  readonly result: string;
}

type Trial = (connection: Connection, daemon: CompatDaemon) => Promise<void>;

const PATIENCE_MS = 20_000;

/** What is seen of a domain's life, and a wait for a part of it. */
async function follow(connection: Connection): Promise<(uuid: string, event: string) => Promise<void>> {
  const seen = new Set<string>();
  let look: (() => void) | undefined;
  await connection.domainEvents.on('lifecycle', ({ domain, event }) => {
    seen.add(`${domain.uuid} ${event}`);
    look?.();
  });
  return (uuid, event) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`The event “${event}” did not come`)), PATIENCE_MS);
      look = () => {
        if (!seen.has(`${uuid} ${event}`)) return;
        clearTimeout(timer);
        resolve();
      };
      look();
    });
}

/** The inventory on a connection of its own, as the extension has it. */
async function listedByInventory(connection: Connection, uuid: string, state: string): Promise<void> {
  const uri = connection.uri.text;
  const host = new Host({ name: uri, uri, origin: 'configured' });
  try {
    await host.connect();
    const found = host.domains.get(uuid)?.state;
    check(found === state, `the inventory says ${found} instead of ${state}`);
  } finally {
    host.disconnect();
  }
}

async function life(connection: Connection, xml: string, startFlags = 0): Promise<void> {
  const { domains } = connection;
  const event = await follow(connection);
  const defined = await domains.defineXml(xml);
  await event(defined.uuid, 'defined');
  try {
    const started = await domains.start(defined, startFlags);
    await event(defined.uuid, 'started');
    check(
      (await domains.list()).some(({ uuid }) => uuid === defined.uuid),
      'the guest is not listed',
    );
    await listedByInventory(connection, defined.uuid, (await domains.state(started)).state);
    await domains.destroy(started);
    await event(defined.uuid, 'stopped');
  } finally {
    await domains.undefine(defined);
  }
  await event(defined.uuid, 'undefined');
}

const qemu: Trial = async (connection, { kernel }) => {
  await connection.capabilities();
  await life(connection, tinyOsXml({ name: 'compat', uuid: randomUUID(), kernel }), StartDomain.PAUSED);
};

const test: Trial = (connection) =>
  life(
    connection,
    '<domain type="test"><name>compat</name><memory>1024</memory><os><type>hvm</type></os></domain>',
  );

const lxc: Trial = async (connection) => {
  await connection.capabilities();
  check((await connection.domains.list()).length === 0, 'there are containers in a fresh daemon');
  const host = new Host({ name: 'lxc', uri: connection.uri.text, origin: 'configured' });
  await host.connect();
  host.disconnect();
};

const trials = {
  QEMU: { uri: 'qemu+unix:///system', trial: qemu },
  test: { uri: 'test+unix:///default', trial: test },
  passt: { uri: 'qemu+unix:///system', trial: trialOfPasst },
  LXC: { uri: 'lxc+unix:///system', trial: lxc },
} satisfies Record<string, { uri: string; trial: Trial }>;

export type Driver = keyof typeof trials;

/** Tries one driver of a daemon. Never rejects: the error is the verdict. */
export async function tryDriver(daemon: CompatDaemon, driver: Driver): Promise<Verdict> {
  const { uri, trial } = trials[driver];
  let libvirt = '';
  let version = '';
  let connection: Connection | undefined;
  try {
    connection = await connect(`${uri}?socket=${daemon.socket}`, AbortSignal.timeout(PATIENCE_MS));
    libvirt = await connection.libVersion();
    version = await connection.version();
    await trial(connection, daemon);
    return { driver: `${driver} ${version}`, libvirt, result: 'ok' };
  } catch (error) {
    return { driver: `${driver} ${version}`, libvirt, result: String(error) };
  } finally {
    await connection?.disconnect();
  }
}
