import { t } from '@vscode/l10n';
import type { CommandsOf } from '../manifest/commands.ts';

type Id = CommandsOf<'kvm.environment'>;

/** What a person decided of a workspace, and how they are told what that means. */
export interface Trust {
  isTrusted(): boolean;
  refuse(sentence: string): Promise<unknown>;
}

/** These show something, and neither connect to a host nor run, make or remove anything. */
const HARMLESS: ReadonlySet<Id> = new Set<Id>([
  'kvm.environment.openFile',
  'kvm.environment.new',
  'kvm.environment.status',
  'kvm.environment.copyAddress',
]);

const why = () =>
  t('This workspace is not trusted, and its files would decide what is booted, mounted, run and deleted.');

/**
 * A command of the workspace that does nothing, asks nothing and connects to nothing where the workspace is not
 * trusted, unless it is harmless.
 */
export function ifTrusted<A extends readonly unknown[]>(
  id: Id,
  run: (...args: A) => Promise<unknown>,
  trust: Trust,
): (...args: A) => Promise<unknown> {
  if (HARMLESS.has(id)) return run;
  return async (...args) => (trust.isTrusted() ? run(...args) : trust.refuse(why()));
}

/** The same for whatever else may use a file of the workspace. @throws Error where the workspace is not trusted */
export function checkTrust({ isTrusted }: { readonly isTrusted: boolean }): void {
  if (!isTrusted) throw new Error(why());
}
