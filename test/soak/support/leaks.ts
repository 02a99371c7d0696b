import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';

/** What a process holds on to, each kind with how often. */
export type Holdings = ReadonlyMap<string, number>;

/** How long what was ended may take to be gone. */
const GRACE_MS = 3000;

async function descriptors(): Promise<string[]> {
  const names = await readdir('/proc/self/fd');
  const targets = await Promise.all(
    names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => undefined)),
  );
  return targets
    .filter((target) => target !== undefined)
    .map(
      (target) => `file descriptor ${target.replace(/:\[\d+\]$/, '').replace(/^\/proc\/\d+.*/, 'of proc')}`,
    );
}

async function children(): Promise<string[]> {
  const args = ['-o', 'pid=,stat=,comm=', '--ppid', String(process.pid)];
  const { stdout } = await execa('ps', args, { reject: false });
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, stat, command]) => stat !== undefined && command !== 'ps' && !stat.startsWith('Z'))
    .map(([pid, , command]) => `child process ${command} ${pid}`);
}

/**
 * From now on this process makes its private sockets in a folder of its own: what other processes make where everybody
 * does is no leak of this one.
 */
export async function useOwnRuntimeFolder(): Promise<AsyncDisposable> {
  const usual = process.env['XDG_RUNTIME_DIR'];
  const folder = await mkdtemp(join(tmpdir(), 'kvm-rt-'));
  process.env['XDG_RUNTIME_DIR'] = folder;
  return {
    async [Symbol.asyncDispose]() {
      if (usual === undefined) delete process.env['XDG_RUNTIME_DIR'];
      else process.env['XDG_RUNTIME_DIR'] = usual;
      await rm(folder, { recursive: true });
    },
  };
}

async function folders(): Promise<string[]> {
  const names = await readdir(process.env['XDG_RUNTIME_DIR'] ?? tmpdir());
  return names.filter((name) => /^kvm-.{6}$/.test(name)).map((name) => `folder ${name}`);
}

/** Sockets, timers, children, temporary folders and listeners that this process has now. */
export async function holdings(): Promise<Holdings> {
  // ps is a child of its own, so what the process has is looked at afterwards.
  const processes = await children();
  const handles = process.getActiveResourcesInfo().map((name) => `handle ${name}`);
  const listeners = (
    ['unhandledRejection', 'uncaughtException', 'exit', 'SIGINT', 'SIGTERM'] as const
  ).flatMap((name) => Array.from({ length: process.listenerCount(name) }, () => `process listener ${name}`));
  const counts = new Map<string, number>();
  for (const item of [...processes, ...handles, ...listeners, ...(await descriptors()), ...(await folders())])
    counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

function newSince(before: Holdings, now: Holdings): string[] {
  return [...now].flatMap(([item, count]) => {
    const more = count - (before.get(item) ?? 0);
    return more > 0 ? [`${more} × ${item}`] : [];
  });
}

/** What there is now that was not there before: gone things are given a moment to be gone. */
export async function leaksSince(before: Holdings): Promise<readonly string[]> {
  const deadline = performance.now() + GRACE_MS;
  for (;;) {
    const leaks = newSince(before, await holdings());
    if (leaks.length === 0 || performance.now() > deadline) return leaks;
    await delay(10);
  }
}
