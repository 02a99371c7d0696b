import { readdir, readFile, readlink } from 'node:fs/promises';
import { execa } from 'execa';

/** A pidfd of the process, then a copy of the file that it has open there: `pidfd_open`, `pidfd_getfd`. */
const WRITE = `my $process = syscall(434, $ARGV[0] + 0, 0);
my $copy = syscall(438, $process, $ARGV[1] + 0, 0);
open(my $file, '>&=', $copy) or die "$!\\n";
syswrite($file, "nonsense\\r\\n") or die "$!\\n";`;

/** Writes to the monitor of the guest's QEMU what QEMU itself never would: for root. */
export async function garbleMonitor(uuid: string): Promise<void> {
  const pid = await qemuOf(uuid);
  await execa('perl', ['-e', WRITE, pid, await monitorOf(pid)]);
}

async function qemuOf(uuid: string): Promise<string> {
  for (const pid of await readdir('/proc')) {
    const command = /^\d+$/u.test(pid) ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') : '';
    if (command.includes(`-uuid\0${uuid}\0`)) return pid;
  }
  throw new Error(`No process is the guest ${uuid}`);
}

/** The descriptor of the connection, not of the socket that listens for it. */
async function monitorOf(pid: string): Promise<string> {
  const sockets = await readFile(`/proc/${pid}/net/unix`, 'utf8');
  const connected = sockets
    .split('\n')
    .filter((line) => /^\S+ \S+ \S+ \S+ \S+ 03 .*monitor\.sock$/u.test(line));
  const inodes = connected.map((line) => line.split(/\s+/u)[6]);
  for (const descriptor of await readdir(`/proc/${pid}/fd`)) {
    const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
    if (inodes.some((inode) => target === `socket:[${inode}]`)) return descriptor;
  }
  throw new Error(`The process ${pid} has no monitor`);
}
