import { setTimeout as delay } from 'node:timers/promises';

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

const leaders = new Set<number>();

// The last resort, for a script that ends without having ended what it started.
process.on('exit', () => {
  for (const pid of leaders) signalGroup(pid, 'SIGKILL');
});

/** Remembers a detached child, so that its group does not outlive this process. */
export function adoptGroup(pid: number | undefined): void {
  if (pid !== undefined) leaders.add(pid);
}

/** Ends a detached child and all that it started: politely at first, then not. */
export async function endGroup(pid: number | undefined, patienceMs: number): Promise<void> {
  if (pid === undefined) return;
  const deadline = performance.now() + patienceMs;
  signalGroup(pid, 'SIGTERM');
  while (signalGroup(pid, 0) && performance.now() < deadline) await delay(20);
  signalGroup(pid, 'SIGKILL');
  leaders.delete(pid);
}
