import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/**
 * Names this process as one word, `machine-number-start`, so that another can tell later whether it still runs although
 * numbers are used again.
 */
export async function thisOwner(): Promise<string> {
  return [await thisMachine(), process.pid, (await startOf(process.pid)) ?? ''].join('-');
}

/** What a word of {@link thisOwner} looks like in a pattern. */
export const OWNER_PATTERN = /[0-9a-f]{12}-\d+-\d*/u;

/**
 * Whether the process that the word names still runs; undefined when it belongs to another machine, which cannot be
 * asked. What names no process does not run.
 */
export async function stillRuns(owner: string): Promise<boolean | undefined> {
  const [machine, pid = '', started = ''] = owner.split('-');
  if (!/^\d+$/u.test(pid)) return false;
  if (machine !== (await thisMachine())) return undefined;
  if (!exists(Number(pid))) return false;
  return started === '' || (await startOf(Number(pid))) === started;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The machine since it was booted, and the process namespace there: elsewhere a process number means nothing. */
async function thisMachine(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const processes = await readlink('/proc/self/ns/pid').catch(() => '');
  return createHash('sha256').update(`${hostname()} ${boot} ${processes}`).digest('hex').slice(0, 12);
}

/** Clock ticks between the boot and the start of a process, which Linux tells after its name; undefined elsewhere. */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name stands in brackets, and may contain some.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
