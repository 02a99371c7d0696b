import { access } from 'node:fs/promises';
import { findDaemon } from '../../client/transport/session-daemon.ts';
import { socketCandidates } from '../../client/transport/socket-paths.ts';
import { parseUri } from '../../client/transport/uri.ts';
import type { HostDefinition } from './host.ts';

const LOCAL: readonly HostDefinition[] = [
  { name: 'QEMU/KVM System', uri: 'qemu:///system', origin: 'local' },
  { name: 'QEMU/KVM Session', uri: 'qemu:///session', origin: 'local' },
];

/** The libvirt daemons of this machine: those that listen, and those that are installed and could. */
export async function findLocalHosts(): Promise<readonly HostDefinition[]> {
  return (await Promise.all(LOCAL.map(look))).filter((found) => found !== undefined);
}

async function look(definition: HostDefinition): Promise<HostDefinition | undefined> {
  const parsed = parseUri(definition.uri);
  // root has no session of its own: both URIs would lead to the same daemon.
  if (parsed.path === '/session' && process.getuid?.() === 0) return undefined;
  const { candidates } = socketCandidates(parsed);
  if (await some(candidates, exists)) return { ...definition, listens: true };
  return (await some(candidates, hasDaemon)) ? definition : undefined;
}

async function some(paths: readonly string[], test: (path: string) => Promise<boolean>): Promise<boolean> {
  return (await Promise.all(paths.map(test))).includes(true);
}

async function hasDaemon(socketPath: string): Promise<boolean> {
  return (await findDaemon(socketPath)) !== undefined;
}

/** One in a folder that is closed to us is there all the same: connecting to it says what to do. */
function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'EACCES' || error.code === 'EPERM',
  );
}
