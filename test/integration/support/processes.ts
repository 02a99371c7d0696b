import { execa } from 'execa';

/** The pids of a process's children, of those that still run. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const { stdout } = await execa('ps', ['-o', 'pid=,stat=,comm=', '--ppid', String(pid)], { reject: false });
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, stat, name]) => stat !== undefined && !stat.startsWith('Z') && name !== 'ps')
    .map(([child]) => Number(child));
}
