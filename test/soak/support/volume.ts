import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RpcConnection } from '../../../src/client/rpc/connection.ts';
import { authList, connectOpen, connectSupportsFeature } from '../../../src/client/rpc/procedures/connect.ts';
import { storageVolDownload } from '../../../src/client/rpc/procedures/stream.ts';
import type { RpcStream } from '../../../src/client/rpc/stream.ts';
import { askNobody } from '../../../src/client/transport/ask.ts';
import { openAlone } from '../../../src/client/transport/open.ts';
import { nameForDaemon, parseUri } from '../../../src/client/transport/uri.ts';
import type { PrivateDaemon } from '../../support/private-daemon.ts';

const FEATURE_KEEPALIVE = 10;
const volume = { pool: 'faults', name: 'data', key: '' };

/** Settings for a daemon that gives a silent client up after two seconds. */
export const SHORT_KEEPALIVE = { keepalive_interval: 1, keepalive_count: 1 } as const;

/** A volume of random bytes in a pool of its own. */
export interface TestVolume {
  readonly path: string;
  readonly data: Buffer;
}

/** Made once for each daemon: a pool is there again after the daemon was killed. */
export async function provideVolume(daemon: PrivateDaemon, bytes: number): Promise<TestVolume> {
  const folder = join(daemon.folder, 'lib/images/faults');
  const data = randomBytes(bytes);
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  const path = join(folder, 'data');
  await writeFile(path, data);
  await daemon.virsh('pool-create-as', 'faults', 'dir', '--target', folder);
  return { path, data };
}

/** A connection of streams' own, since a slow reader pauses all of it. */
export async function openRpc(uriText: string): Promise<RpcConnection> {
  const uri = parseUri(uriText);
  const channel = await openAlone(uri, { signal: AbortSignal.timeout(5000), ask: askNobody });
  const rpc = new RpcConnection(channel, { answerMs: 1000, keepaliveMs: 100 });
  await rpc.call(authList, undefined);
  await rpc.call(connectOpen, { name: nameForDaemon(uri), flags: 0 });
  // Asked for it, the daemon also wants to hear from us now and then.
  await rpc.call(connectSupportsFeature, { feature: FEATURE_KEEPALIVE });
  rpc.startKeepalive();
  return rpc;
}

export async function openDownload(rpc: RpcConnection, signal?: AbortSignal): Promise<RpcStream> {
  const args = { volume, offset: 0n, length: 0n, flags: 0 };
  return (await rpc.openStream(storageVolDownload, args, { signal })).stream;
}

/** How often a process has the volume open; its paths are those of its own namespace. */
export async function timesOpen(pid: number): Promise<number> {
  const folder = `/proc/${pid}/fd`;
  const links = (await readdir(folder)).map((name) => readlink(join(folder, name)).catch(() => ''));
  return (await Promise.all(links)).filter((target) => target.endsWith('/faults/data')).length;
}
