import { randomBytes } from 'node:crypto';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { Host } from '../../src/model/inventory/host.ts';
import { poolKind } from '../../src/model/inventory/kinds/pool.ts';
import { volumeKind } from '../../src/model/inventory/kinds/volume.ts';
import { ObjectTarget } from '../../src/model/inventory/object-target.ts';
import { cloneVolume } from '../../src/model/operations/volume/clone.ts';
import { deleteVolume } from '../../src/model/operations/volume/delete.ts';
import { volumeTarget } from '../../src/model/operations/volume/on-volume.ts';
import { downloadVolume, uploadVolume } from '../../src/model/operations/volume/transfer.ts';
import type { BenchNeeds } from '../../scripts/lib/bench-needs.ts';
import { requirements } from '../../scripts/lib/requirements.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../support/private-daemon.ts';
import { inTurn, speedAgainst, timed } from './lib/in-turn.ts';
import { median } from './tree/statistics.ts';

export const needs: BenchNeeds = { system: requirements.libvirt };

const MIB = 1024 * 1024;
const DATA = 512 * MIB;
const SPARSE = 20 * 1024 * MIB;
const VOLUMES = 20_000;
const ROUNDS = { rounds: 5, warmUp: 1 };

/** Random data in pieces of 1 MiB, evenly spread over a file of some size. */
async function writeData(path: string, size: number): Promise<void> {
  const file = await open(path, 'wx');
  await file.truncate(size);
  const step = size / (DATA / MIB);
  for (let at = 0; at < size; at += step)
    await file.write(randomBytes(MIB), 0, MIB, Math.floor(at / MIB) * MIB);
  await file.sync();
  await file.close();
}

async function pool(daemon: PrivateDaemon, host: Host, name: string): Promise<ObjectTarget> {
  const path = join(daemon.folder, name);
  await mkdir(path, { recursive: true, mode: 0o755 });
  await daemon.virsh('pool-define-as', name, 'dir', '--target', path);
  await daemon.virsh('pool-start', name);
  return new ObjectTarget(host, { kind: 'pool', key: await daemon.virsh('pool-uuid', name) });
}

/** Volumes up, down and cloned, and a very full pool, each in turn with virsh or qemu-img. */
export async function run(): Promise<Record<string, number>> {
  await using daemon = await startPrivateDaemon();
  const host = new Host({ name: 'bench', uri: daemon.uri, origin: 'configured' });
  await host.connect();
  try {
    const place = await pool(daemon, host, 'pool');
    return {
      ...(await transfers(daemon, place)),
      ...(await clones(daemon, place)),
      ...(await listing(daemon, host)),
    };
  } finally {
    host.disconnect();
  }
}

async function transfers(daemon: PrivateDaemon, place: ObjectTarget): Promise<Record<string, number>> {
  const at = (name: string) => join(daemon.folder, name);
  await writeData(at('dense'), DATA);
  await writeData(at('sparse'), SPARSE);
  const volume = (name: string) => volumeTarget(place, name);
  /** What was made is removed outside of the time. */
  const up = (source: string) => async () => {
    const ms = await timed(() => uploadVolume(place, { file: at(source), name: 'up', format: 'raw' }));
    await deleteVolume(volume('up'), {});
    return ms;
  };
  const virshUp = async () => {
    const ms = await timed(async () => {
      await daemon.virsh(
        'vol-create-as',
        'pool',
        'v',
        String(SPARSE),
        '--allocation',
        '0',
        '--format',
        'raw',
      );
      await daemon.virsh('vol-upload', '--pool', 'pool', 'v', at('sparse'), '--sparse');
    });
    await daemon.virsh('vol-delete', '--pool', 'pool', 'v');
    return ms;
  };
  for (const name of ['dense', 'sparse']) await uploadVolume(place, { file: at(name), name, format: 'raw' });
  const down = (action: () => Promise<unknown>) => async () => {
    const ms = await timed(action);
    await rm(at('back'));
    return ms;
  };
  const times = await inTurn(
    {
      sparseUp: up('sparse'),
      virshSparseUp: virshUp,
      denseUp: up('dense'),
      sparseDown: down(() => downloadVolume(volume('sparse'), { file: at('back') })),
      virshSparseDown: down(() =>
        daemon.virsh('vol-download', '--pool', 'pool', 'sparse', at('back'), '--sparse'),
      ),
      denseDown: down(() => downloadVolume(volume('dense'), { file: at('back') })),
    },
    ROUNDS,
  );
  const { blocks } = await stat(join(daemon.folder, 'pool', 'sparse'));
  return {
    sparse_up_vs_virsh: speedAgainst(times.virshSparseUp, times.sparseUp),
    sparse_down_vs_virsh: speedAgainst(times.virshSparseDown, times.sparseDown),
    sparse_up_vs_dense: median(times.sparseUp) / median(times.denseUp),
    sparse_down_vs_dense: median(times.sparseDown) / median(times.denseDown),
    sparse_volume_mib: (blocks * 512) / MIB,
    sparse_up_ms: median(times.sparseUp),
    sparse_down_ms: median(times.sparseDown),
  };
}

async function clones(daemon: PrivateDaemon, place: ObjectTarget): Promise<Record<string, number>> {
  const source = volumeTarget(place, 'dense');
  const times = await inTurn(
    {
      clone: async () => {
        let made: ObjectTarget | undefined;
        const ms = await timed(async () => {
          made = await cloneVolume(source, { pool: place, name: 'clone.qcow2', format: 'qcow2' });
        });
        if (made !== undefined) await deleteVolume(made, {});
        return ms;
      },
      convert: async () => {
        const [from, to] = [join(daemon.folder, 'pool', 'dense'), join(daemon.folder, 'pool', 'converted')];
        const ms = await timed(() => execa('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', from, to]));
        await rm(to);
        return ms;
      },
    },
    ROUNDS,
  );
  return { clone_vs_qemu_img: speedAgainst(times.convert, times.clone), clone_ms: median(times.clone) };
}

/** A pool of many files, until its volumes could be unfolded. */
async function listing(daemon: PrivateDaemon, host: Host): Promise<Record<string, number>> {
  const folder = join(daemon.folder, 'full');
  await mkdir(folder, { mode: 0o755 });
  for (let n = 0; n < VOLUMES; n++) await (await open(join(folder, `volume-${n}.img`), 'w', 0o644)).close();
  const place = await pool(daemon, host, 'full');
  const collect = globalThis.gc ?? (() => undefined);
  collect();
  const before = process.memoryUsage().heapUsed;
  let heap = 0;
  const times = await inTurn(
    {
      ours: async () => {
        let unfold: ReturnType<Host['watch']> | undefined;
        const ms = await timed(async () => {
          const pools = host.watch(poolKind);
          await pools.objects.settled();
          pools.dispose();
          unfold = host.watch(volumeKind, place.name.key);
          await unfold.objects.settled();
        });
        if (unfold?.objects.records.size !== VOLUMES) throw new Error('Not all volumes were read');
        await delay(0);
        collect();
        heap = process.memoryUsage().heapUsed - before;
        unfold.dispose();
        return ms;
      },
      virsh: () => timed(() => daemon.virsh('vol-list', 'full', '--details')),
    },
    { rounds: 3, warmUp: 0 },
  );
  return {
    list_vs_virsh: median(times.ours) / median(times.virsh),
    list_ms: median(times.ours),
    heap_mb: heap / MIB,
  };
}
