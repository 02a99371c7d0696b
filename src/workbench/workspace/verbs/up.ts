import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { shortTitleOf } from '../../ui/commands.ts';
import { asSentence, isCancellation } from '../../ui/failure.ts';
import { isDone, planEnvironment } from '../../../engines/environment/deploy/plan.ts';
import { down, findOwnGuests } from '../../../engines/environment/deploy/down.ts';
import { type Fix, type Obstacle, preflight } from '../../../engines/environment/deploy/preflight.ts';
import { up, type UpResult } from '../../../engines/environment/deploy/up.ts';
import { listed } from '../../../engines/environment/lists.ts';
import type { Environment } from '../../../engines/environment/file/model.ts';
import { bootTimeoutMs } from '../settings.ts';
import type { EnvironmentEntry } from '../entry.ts';
import { droppedNode } from '../view/nodes.ts';
import type { Environments } from '../environments.ts';
import { setInFile } from './edit-file.ts';
import { runOnEntry } from './run.ts';
import { readable, type Target } from './targets.ts';
import { inform, warn } from '../../ui/notices.ts';

/** Brings guests up. Returns whether all of them are. */
export async function upGuests(
  environments: Environments,
  target: Target,
  outer?: AbortSignal,
): Promise<boolean> {
  const { entry, guests } = target;
  const { presenter } = environments.parts;
  const environment = await readable(environments, entry);
  if (environment === undefined) return false;
  const title = t('Bringing up {0}', guests?.join(', ') ?? environment.name);
  try {
    const outcome = await runOnEntry(
      environments,
      entry,
      title,
      (signal) => attempt(environments, entry, environment, guests, signal),
      outer,
    );
    if ('obstacles' in outcome) {
      const fixed = tellObstacles(environments, target, outcome.obstacles, outer);
      // A task is over when its work is, whether somebody reads the message or not.
      return outer === undefined ? await fixed : false;
    }
    if (guests === undefined) void tellDropped(environments, entry);
    return tellResults(environments, entry, outcome.results);
  } catch (error) {
    if (!isCancellation(error)) void presenter.failure(t('Could not bring up {0}.', environment.name), error);
    return false;
  }
}

type Outcome = { readonly results: readonly UpResult[] } | { readonly obstacles: readonly Obstacle[] };

async function attempt(
  environments: Environments,
  entry: EnvironmentEntry,
  environment: Environment,
  guests: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<Outcome> {
  const findHost = (name: string | undefined) => environments.hosts.connect(name);
  const plan = await planEnvironment(environment, findHost, guests);
  const services = environments.services(entry);
  if (!plan.guests.every(isDone)) {
    const obstacles = await preflight(plan, entry.id, environments.images.folder);
    if (obstacles.length > 0) return { obstacles };
  }
  const emulation = new AbortController();
  const stalled = (guest: string) => void offerEmulation(environments, entry, guest, emulation);
  const options = {
    signal: AbortSignal.any([signal, emulation.signal]),
    bootTimeoutMs: bootTimeoutMs(),
  };
  try {
    return { results: await up(environment, plan, { ...services, stalled }, options) };
  } catch (error) {
    if (signal.aborted || !emulation.signal.aborted) throw error;
    const chosen = environment.guests.filter(({ name }) => name === emulation.signal.reason);
    for (const own of await findOwnGuests(chosen, entry.id, findHost))
      await down(own, services, { signal, patienceMs: 0 });
    return attempt(environments, entry, environment, guests, signal);
  }
}

/** Where this machine is a guest itself, its acceleration may be slower than none. */
async function offerEmulation(
  environments: Environments,
  entry: EnvironmentEntry,
  guest: string,
  emulation: AbortController,
): Promise<void> {
  const text = t(
    '“{0}” has printed almost nothing since it started. KVM may not be usable on its host, as inside some guests. The guest can be forced off and emulated from now on.',
    guest,
  );
  const emulate = t('Use Emulation');
  if ((await warn(text, emulate, t('Keep Waiting'))) !== emulate) return;
  await environments.rememberAcceleration(entry, guest, 'qemu');
  emulation.abort(guest);
}

/** Each with what can be done about it; a fix is followed by another try. */
async function tellObstacles(
  environments: Environments,
  target: Target,
  obstacles: readonly Obstacle[],
  outer: AbortSignal | undefined,
): Promise<boolean> {
  const [first, ...others] = obstacles;
  if (first === undefined) return false;
  const show = t('Show in File');
  const actions = [...(first.fix === undefined ? [] : [first.fix.title]), show];
  const sentences = [first, ...others].map(obstacleText);
  const answer = await environments.parts.presenter.refusal(
    [...sentences.slice(0, 1), first.hint, ...sentences.slice(1)].join(' '),
    ...actions,
  );
  if (answer === show) await showInFile(target.entry, first);
  if (first.fix === undefined || answer !== first.fix.title) return false;
  try {
    if (!(await applyFix(target, first.guests, first.fix))) return false;
  } catch (error) {
    await environments.parts.presenter.failure(t('Could not do “{0}”.', first.fix.title), error);
    return false;
  }
  return upGuests(environments, target, outer);
}

function obstacleText({ guests, message }: Obstacle): string {
  const sentence = asSentence(message);
  return guests.length === 0 ? sentence : t('{0}: {1}', listed(guests), sentence);
}

/** Returns whether it is done: what a person has to do is only begun. */
async function applyFix({ entry }: Target, guests: readonly string[], fix: Fix): Promise<boolean> {
  if ('run' in fix) {
    await fix.run();
    return true;
  }
  if ('command' in fix) {
    const terminal = vscode.window.createTerminal({ name: fix.title.replace('…', '') });
    terminal.show();
    terminal.sendText(fix.command, false);
    return false;
  }
  if ('setting' in fix) {
    await vscode.commands.executeCommand('workbench.action.openSettings', fix.setting);
    return false;
  }
  for (const guest of guests) await setInFile(entry.uri, ['guests', guest, fix.key], fix.value);
  return true;
}

async function showInFile(entry: EnvironmentEntry, { guests, key }: Obstacle): Promise<void> {
  const document = await vscode.workspace.openTextDocument(entry.uri);
  const path = ['guests', guests[0] ?? '', ...(key === undefined ? [] : [key])];
  const { start, end } = entry.loaded?.document.rangeOf(path) ?? { start: 0, end: 0 };
  const selection = new vscode.Range(document.positionAt(start), document.positionAt(end));
  await vscode.window.showTextDocument(document, { selection, preview: false });
}

function tellResults(
  environments: Environments,
  entry: EnvironmentEntry,
  results: readonly UpResult[],
): boolean {
  const { presenter } = environments.parts;
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  const [first] = failed;
  if (first !== undefined && failed.length === 1)
    void presenter.failure(t('Could not bring up “{0}”.', first.guest), first.error);
  else if (first !== undefined)
    void presenter.failures(
      t('Could not bring up {0} of {1} guests.', failed.length, results.length),
      failed.map(({ guest, error }) => ({ subject: `“${guest}”`, error })),
    );
  // Nobody has to wait for what follows to be read.
  void tellWhatIsLeft(environments, entry, results);
  return failed.length === 0;
}

/** What the file has no more is never removed by itself, and never kept silently. */
async function tellDropped(environments: Environments, entry: EnvironmentEntry): Promise<void> {
  const dropped = await environments.findDropped(entry);
  if (dropped.length === 0) return;
  const names = dropped.map(({ guest }) => guest.domain);
  const file = vscode.workspace.asRelativePath(entry.uri);
  const text =
    names.length === 1
      ? t('{0} is no longer declared in {1}, and left as it is.', listed(names), file)
      : t('{0} are no longer declared in {1}, and left as they are.', listed(names), file);
  const destroy = shortTitleOf('kvm.environment.destroy');
  if ((await inform(text, destroy)) !== destroy) return;
  for (const guest of entry.dropped)
    await environments.followUps.destroyDropped(environments, droppedNode(entry, guest));
}

async function tellWhatIsLeft(
  environments: Environments,
  entry: EnvironmentEntry,
  results: readonly UpResult[],
): Promise<void> {
  const { followUps } = environments;
  const names = (fits: (result: UpResult) => boolean) => results.filter(fits).map(({ guest }) => guest);
  const restart = names(({ restartPending }) => restartPending);
  const rebuild = names(({ rebuild: keys }) => keys.length > 0);
  const provision = names(({ provision: wanted }) => wanted);
  if (restart.length > 0) {
    const text = t('Restart {0} to apply the changes.', listed(restart));
    const action = t('Restart Now');
    if ((await inform(text, action)) === action)
      for (const guest of restart) await followUps.reload(environments, entry, guest);
  }
  if (rebuild.length > 0) {
    const keys = [...new Set(results.flatMap((result) => result.rebuild))];
    const text = t(
      'Rebuild {0} to apply the changes of {1}. Everything on the disks is lost then.',
      listed(rebuild),
      listed(keys),
    );
    const action = shortTitleOf('kvm.environment.rebuild');
    if ((await inform(text, action)) === action)
      for (const guest of rebuild) await followUps.rebuild(environments, entry, guest);
  }
  if (provision.length > 0) {
    const text = t('The scripts of {0} changed since they were run.', listed(provision));
    const action = shortTitleOf('kvm.environment.provision');
    if ((await inform(text, action)) === action)
      for (const guest of provision) await followUps.provision(environments, entry, guest);
  }
}
