import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { connect } from '../../src/libvirt/connect.ts';
import { startPrivateDaemon } from '../support/private-daemon.ts';
import { median } from './tree/statistics.ts';

const MIB = 1024 * 1024;
const SIZE = 256 * MIB;
const ROUNDS = 5;

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

async function time(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
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
  const ours = { up: [] as number[], down: [] as number[] };
  const theirs = { up: [] as number[], down: [] as number[] };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      ours.up.push(await time(() => transfers.upload(volume, source)));
      theirs.up.push(await time(() => daemon.virsh('vol-upload', '--pool', 'pool', 'volume', source)));
      await rm(back, { force: true });
      ours.down.push(await time(() => transfers.download(volume, back)));
      if ((await hash(back)) !== (await hash(source))) throw new Error('What came back is not what went');
      await rm(back);
      theirs.down.push(await time(() => daemon.virsh('vol-download', '--pool', 'pool', 'volume', back)));
    }
  } finally {
    connection.close();
  }
  return {
    upload_ms: median(ours.up),
    virsh_upload_ms: median(theirs.up),
    download_ms: median(ours.down),
    virsh_download_ms: median(theirs.down),
    upload_vs_virsh: median(theirs.up) / median(ours.up),
    download_vs_virsh: median(theirs.down) / median(ours.down),
  };
}
