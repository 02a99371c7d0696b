import { access } from 'node:fs/promises';
import { findDaemon } from '../transport/session-daemon.ts';
import { socketCandidates } from '../transport/socket-paths.ts';
import { parseUri } from '../transport/uri.ts';
import type { HostDefinition } from './host.ts';

const LOCAL: readonly HostDefinition[] = [
  { name: 'QEMU/KVM System', uri: 'qemu:///system', origin: 'local' },
  { name: 'QEMU/KVM Session', uri: 'qemu:///session', origin: 'local' },
];

/** The libvirt daemons of this machine: those that listen, and those that are installed and could. */
export async function findLocalHosts(): Promise<readonly HostDefinition[]> {
  const present = await Promise.all(LOCAL.map(isPresent));
  return LOCAL.filter((_, index) => present[index] === true);
}

async function isPresent({ uri }: HostDefinition): Promise<boolean> {
  const parsed = parseUri(uri);
  // root has no session of its own: both URIs would lead to the same daemon.
  if (parsed.path === '/session' && process.getuid?.() === 0) return false;
  const { candidates } = socketCandidates(parsed);
  const found = await Promise.all(candidates.map(async (path) => (await exists(path)) || hasDaemon(path)));
  return found.includes(true);
}

async function hasDaemon(socketPath: string): Promise<boolean> {
  return (await findDaemon(socketPath)) !== undefined;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
