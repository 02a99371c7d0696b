import { Host } from '../../../src/model/inventory/host.ts';
import { connect } from '../../../src/client/libvirt/connect.ts';
import type { Transports } from '../../../src/client/transport/open.ts';
import type { DomainRecord } from '../../../src/model/inventory/kinds/domain-record.ts';
import type { PrivateDaemon } from '../../support/private-daemon.ts';

/** Short enough for a test, and just long enough for a busy machine. */
const HASTY = { answerMs: 1500, keepaliveMs: 200 };
/** Anything here that has not happened by then hangs. */
export const HANG_MS = 10_000;

/** A host as the extension has it. */
export function usualHost(uri: string, transports?: Transports): Host {
  return new Host({ name: uri, uri, origin: 'configured' }, (text, signal) =>
    connect(text, signal, { ...(transports && { transports }) }),
  );
}

/** A host whose connections notice quickly that nobody answers. */
export function hastyHost(uri: string): Host {
  return new Host({ name: uri, uri, origin: 'configured' }, (text, signal) =>
    connect(text, signal, { patience: HASTY }),
  );
}

/** Something that should have settled long ago has not. */
export class HangError extends Error {
  override readonly name = 'HangError';
}

/** The inventory says something else than virsh. */
export class DifferenceError extends Error {
  override readonly name = 'DifferenceError';
}

/** @throws HangError when it takes too long. */
export async function within<T>(work: Promise<T>, what: string, ms = HANG_MS): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new HangError(what)), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Settles at the next change of a host for which the condition holds, or now if it does. */
export function untilHost(host: Host, condition: () => boolean, what: string, ms = HANG_MS): Promise<void> {
  if (condition()) return Promise.resolve();
  const met = Promise.withResolvers<void>();
  const stop = host.onChange(() => {
    if (condition()) met.resolve();
  });
  return within(met.promise, what, ms).finally(stop);
}

const STATES: Record<string, string> = {
  'shut-off': 'shut off',
  'shutting-down': 'in shutdown',
  suspended: 'pmsuspended',
  'no-state': 'no state',
};

function describe(record: DomainRecord): string {
  const { id, name, state, persistent, autostart, managedSave } = record;
  const marks = [persistent && 'persistent', autostart && 'autostart', managedSave && 'saved'];
  return [id ?? '-', name, STATES[state] ?? state, ...marks.filter(Boolean)].join(' ');
}

/** The same sentences as virsh has them, which speaks for libvirt's own client. */
async function describeByVirsh(daemon: PrivateDaemon, uri: string): Promise<string[]> {
  // One virsh for all of it: a connection to the test driver reads its whole file anew. No name here has a “=”.
  const flags = ['--persistent', '--autostart', '--with-managed-save'];
  const commands = ['list --all', ...flags.map((flag) => `list --all --name ${flag}`)];
  const said = await daemon.virsh('-c', uri, commands.join('; echo =; '));
  const [rows = '', ...lists] = said.split('=');
  const [persistent = new Set(), autostart = new Set(), saved = new Set()] = lists.map(
    (names) => new Set(names.split('\n').map((line) => line.trim())),
  );
  return rows
    .split('\n')
    .map((row) => /^\s*(?<id>\S+)\s+(?<name>\S+)\s+(?<state>.+?)\s*$/.exec(row)?.groups)
    .filter((row) => row !== undefined)
    .map(({ id = '', name = '', state = '' }) => {
      const marks = [
        persistent.has(name) && 'persistent',
        autostart.has(name) && 'autostart',
        saved.has(name) && 'saved',
      ];
      return [id, name, state, ...marks.filter(Boolean)].join(' ');
    });
}

async function compare(host: Host, daemon: PrivateDaemon, uri: string): Promise<string[]> {
  const theirs = new Set(await describeByVirsh(daemon, uri));
  const ours = new Set([...host.domains.values()].map(describe));
  return [
    ...[...ours].filter((line) => !theirs.has(line)).map((line) => `only ours: ${line}`),
    ...[...theirs].filter((line) => !ours.has(line)).map((line) => `only virsh's: ${line}`),
  ];
}

/** @throws DifferenceError when it is not what virsh says once the changes that are on their way have arrived. */
export async function assertSameAsVirsh(host: Host, daemon: PrivateDaemon, uri = daemon.uri): Promise<void> {
  const deadline = performance.now() + 3000;
  for (;;) {
    const changed = Promise.withResolvers<void>();
    const stop = host.onChange(() => changed.resolve());
    try {
      const found = await compare(host, daemon, uri);
      const left = deadline - performance.now();
      if (found.length === 0) return;
      if (left <= 0) throw new DifferenceError(found.join('; '));
      await within(changed.promise, 'a change', left).catch(() => undefined);
    } finally {
      stop();
    }
  }
}
