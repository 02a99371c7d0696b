import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { connect } from '../../src/client/libvirt/connect.ts';
import { startPrivateDaemon } from '../support/private-daemon.ts';
import { inTurn, speedAgainst, timed } from './lib/in-turn.ts';
import { median } from './tree/statistics.ts';
import type { BenchNeeds } from '../../scripts/lib/bench-needs.ts';
import { requirements } from '../../scripts/lib/requirements.ts';

export const needs: BenchNeeds = {
  system: requirements.libvirt,
};

const MIB = 1024 * 1024;
const SIZE = 256 * MIB;
/** Single rounds differ by a third, with whatever the disk is writing at that moment. */
const ROUNDS = { rounds: 21, warmUp: 1 };

async function writeRandomFile(path: string): Promise<void> {
  const file = await open(path, 'wx');
  const block = randomBytes(MIB);
  for (let written = 0; written < SIZE; written += MIB) {
    block.writeUInt32BE(written, 0);
    await file.write(block);
  }
  await file.close();
}

async function hash(path: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  return digest.digest('hex');
}

/** 256 MiB up and down, in turn with virsh so that both meet the same machine, and equal at the end. */
export async function run(): Promise<Record<string, number>> {
  await using daemon = await startPrivateDaemon();
  const pool = join(daemon.folder, 'pool');
  await mkdir(pool, { mode: 0o755 });
  await daemon.virsh('pool-define-as', 'pool', 'dir', '--target', pool);
  await daemon.virsh('pool-start', 'pool');
  await daemon.virsh('vol-create-as', 'pool', 'volume', String(SIZE), '--format', 'raw');
  const source = join(daemon.folder, 'source');
  const back = join(daemon.folder, 'back');
  await writeRandomFile(source);
  const connection = await connect(daemon.uri, AbortSignal.timeout(20_000));
  const volume = await connection.storageVolumes.lookupByPath(join(pool, 'volume'));
  const transfers = connection.volumeTransfers;
  const virshTo = (command: string, file: string) => daemon.virsh(command, '--pool', 'pool', 'volume', file);
  const expected = await hash(source);
  // Chance may begin with a download.
  await transfers.upload(volume, source);
  /** What came back is looked at and removed outside of the time. */
  const download = async (action: () => Promise<unknown>) => {
    const ms = await timed(action);
    if ((await hash(back)) !== expected) throw new Error('What came back is not what went');
    await rm(back);
    return ms;
  };
  try {
    const times = await inTurn(
      {
        upload: () => timed(() => transfers.upload(volume, source)),
        virshUpload: () => timed(() => virshTo('vol-upload', source)),
        download: () => download(() => transfers.download(volume, back)),
        virshDownload: () => download(() => virshTo('vol-download', back)),
      },
      ROUNDS,
    );
    return {
      upload_ms: median(times.upload),
      virsh_upload_ms: median(times.virshUpload),
      download_ms: median(times.download),
      virsh_download_ms: median(times.virshDownload),
      upload_vs_virsh: speedAgainst(times.virshUpload, times.upload),
      download_vs_virsh: speedAgainst(times.virshDownload, times.download),
    };
  } finally {
    connection.close();
  }
}
