import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { hasErrors } from '../../../engines/environment/file/load.ts';
import type { DeclaredGuest, Environment } from '../../../engines/environment/file/model.ts';
import type { Problem } from '../../../engines/environment/file/problem.ts';
import { titleOf } from '../../ui/commands.ts';
import { asSentence } from '../../ui/failure.ts';
import type { Presenter } from '../../ui/presenter.ts';
import type { EnvironmentEntry } from '../entry.ts';
import type { Environments } from '../environments.ts';
import { newFile } from './new-file.ts';
import { pickLabel } from '../../ui/names.ts';
import { inform } from '../../ui/notices.ts';
import { describeGuest } from '../view/items.ts';
import { choose } from '../../ui/choose.ts';

/** What a verb is to do: a file, and which of its guests; all of them when left out. */
export interface Target {
  readonly entry: EnvironmentEntry;
  readonly guests: readonly string[] | undefined;
}

interface Named {
  readonly uri?: vscode.Uri;
  readonly guest?: string;
}

/**
 * From a node of the tree, a code lens or task (`{ uri, guest }`), a file of the explorer, or nothing at all: then the
 * file is asked for where there are several. Undefined when the person chose none, or there is none.
 */
export async function targetOf(environments: Environments, given: unknown): Promise<Target | undefined> {
  const { entry, guest } = read(environments, given);
  if (entry !== undefined) return { entry, guests: guest === undefined ? undefined : [guest] };
  const chosen = await chooseEntry(environments);
  return chosen === undefined
    ? undefined
    : { entry: chosen, guests: guest === undefined ? undefined : [guest] };
}

/**
 * The same for what is not to be done to all guests of a file because nobody said which: without a node or a name it is
 * asked, with all of them as a choice.
 */
export async function pickedTargetOf(
  environments: Environments,
  given: unknown,
  question: string,
): Promise<Target | undefined> {
  const target = await targetOf(environments, given);
  if (target === undefined || target.guests !== undefined || read(environments, given).entry !== undefined)
    return target;
  const { entry } = target;
  if (entry.guests.length + entry.dropped.length <= 1) return target;
  const guests = entry.guests.map(({ name }) => ({
    label: pickLabel(name),
    description: pickLabel(describeGuest(entry, name)),
    guests: [name],
  }));
  const all = {
    label: t('All Guests'),
    description: pickLabel(vscode.workspace.asRelativePath(entry.uri)),
    guests: undefined,
  };
  const picked = await choose([...guests, all], { title: question });
  return picked === undefined ? undefined : { entry, guests: picked.guests };
}

/** The same for what is done to one guest: it is asked for where there are several. */
export async function oneGuestOf(
  environments: Environments,
  given: unknown,
  question: string,
  { needsSsh = false } = {},
): Promise<{ entry: EnvironmentEntry; environment: Environment; guest: DeclaredGuest } | undefined> {
  const target = await targetOf(environments, given);
  if (target === undefined) return undefined;
  const environment = await readable(environments, target.entry);
  if (environment === undefined) return undefined;
  const wanted = environment.guests.filter(({ name }) => target.guests?.includes(name) ?? true);
  const guests = needsSsh ? wanted.filter((guest) => mayAcceptSsh(target.entry, guest)) : wanted;
  const [first, second] = guests;
  if (first === undefined) {
    const file = vscode.workspace.asRelativePath(target.entry.uri);
    void inform(wanted.length === 0 ? t('There are no guests in {0}.', file) : whyNoSsh(wanted, file));
    return undefined;
  }
  if (second === undefined) return { entry: target.entry, environment, guest: first };
  const picked = await choose(
    guests.map((guest) => ({ label: guest.name, guest })),
    { title: question },
  );
  return picked === undefined ? undefined : { entry: target.entry, environment, guest: picked.guest };
}

/** There is nothing to log in to before a guest is created. */
function mayAcceptSsh(entry: EnvironmentEntry, { name, ssh }: DeclaredGuest): boolean {
  return ssh !== undefined && entry.status(name)?.kind !== 'absent';
}

function whyNoSsh(guests: readonly DeclaredGuest[], file: string): string {
  return guests.some(({ ssh }) => ssh !== undefined)
    ? t('No guest in {0} that accepts SSH is created yet: bring one up first.', file)
    : t('No guest in {0} accepts SSH.', file);
}

/**
 * What the file means, saved and read just now. Says what is wrong with it, at its place, when it means nothing:
 * nothing is touched then.
 */
export async function readable(
  { parts: { presenter } }: Environments,
  entry: EnvironmentEntry,
): Promise<Environment | undefined> {
  const open = vscode.workspace.textDocuments.find((each) => each.uri.toString() === entry.uri.toString());
  if (open?.isDirty === true) await open.save();
  const { environment, problems } = await entry.load();
  const first = problems.find(({ severity }) => severity === 'error');
  if (environment !== undefined && !hasErrors(problems)) return environment;
  // Nobody has to wait until this is read.
  void tellProblem(presenter, entry, first);
  return undefined;
}

async function tellProblem(
  presenter: Presenter,
  { uri }: EnvironmentEntry,
  first: Problem | undefined,
): Promise<void> {
  const problem = asSentence(first?.message ?? t('It cannot be read.'));
  const message = t('{0}: {1}', vscode.workspace.asRelativePath(uri), problem);
  const answer = await presenter.refusal(message, t('Show in File'));
  if (answer === undefined || first === undefined) return;
  const document = await vscode.workspace.openTextDocument(uri);
  const selection = new vscode.Range(document.positionAt(first.start), document.positionAt(first.end));
  await vscode.window.showTextDocument(document, { selection, preview: false });
}

async function chooseEntry(environments: Environments): Promise<EnvironmentEntry | undefined> {
  const { entries } = environments;
  const [first, second] = entries;
  if (first === undefined) {
    const create = titleOf('kvm.environment.new');
    const answer = await inform(t('There is no kvm.yaml in this workspace yet.'), create);
    if (answer === create) await newFile(environments);
    return undefined;
  }
  if (second === undefined) return first;
  const active = vscode.window.activeTextEditor?.document.uri.toString();
  const picked = await choose(
    entries
      .toSorted((a, b) => Number(b.uri.toString() === active) - Number(a.uri.toString() === active))
      .map((entry) => ({ label: vscode.workspace.asRelativePath(entry.uri), entry })),
    { title: t('Use Which kvm.yaml?') },
  );
  return picked?.entry;
}

function read(
  environments: Environments,
  given: unknown,
): { entry: EnvironmentEntry | undefined; guest: string | undefined } {
  if (given instanceof vscode.Uri) return { entry: environments.entry(given), guest: undefined };
  if (typeof given !== 'object' || given === null) return { entry: undefined, guest: undefined };
  if ('kind' in given && 'entry' in given) {
    const node = given as { entry: EnvironmentEntry; name?: string };
    return { entry: node.entry, guest: node.name };
  }
  const { uri, guest } = given as Named;
  return {
    entry: uri === undefined ? undefined : environments.entry(uri),
    guest: typeof guest === 'string' ? guest : undefined,
  };
}
