import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { shellWord } from '../../../client/transport/remote-shell.ts';
import { t } from '@vscode/l10n';
import type { DeclaredGuest, DeclaredScript } from '../file/model.ts';
import type { SshKeys } from './ssh-keys.ts';
import { runOverSsh, type SshTarget } from './ssh-run.ts';

/** A script ended with an error. Its output was shown as it came. */
class ProvisionError extends Error {
  override readonly name = 'ProvisionError';
}

interface ProvisionOptions {
  readonly signal: AbortSignal;
  readonly onScript: (index: number, of: number) => void;
  readonly onOutput: (text: string) => void;
}

/** Runs the guest's scripts in it, one after the other, and stops at the first that fails. @throws ProvisionError */
export async function provision(
  { provision: scripts, env, name }: DeclaredGuest,
  keys: SshKeys,
  target: SshTarget,
  { signal, onScript, onOutput }: ProvisionOptions,
): Promise<void> {
  for (const [index, script] of scripts.entries()) {
    onScript(index + 1, scripts.length);
    const input = wrapped(await textOf(script), env, script.root);
    const { exitCode } = await runOverSsh(keys, target, 'sh -s', { signal, input, onOutput });
    if (exitCode !== 0) throw new ProvisionError(failureText(script, index + 1, exitCode, name));
  }
}

/** A digest of the scripts and their environment: when it changes, they have to run again. */
export async function provisionDigest({
  provision: scripts,
  env,
}: DeclaredGuest): Promise<string | undefined> {
  if (scripts.length === 0) return undefined;
  const texts = await Promise.all(scripts.map(textOf));
  return createHash('sha256')
    .update(JSON.stringify([texts, env]))
    .digest('hex')
    .slice(0, 12);
}

/**
 * Everything goes in through standard input: neither the variables nor the script are in a list of processes. The
 * script is a file there, so that it may begin with `#!` and read its own standard input.
 */
// not for people: a shell reads it
function wrapped(text: string, env: Readonly<Record<string, string>>, root: boolean): string {
  const body = text.startsWith('#!') ? text : `#!/bin/sh\n${text}`;
  const encoded = Buffer.from(body).toString('base64').replaceAll(/.{76}/gu, '$&\n');
  const exports = Object.entries(env).map(([key, value]) => `export ${key}=${shellWord(value)}\n`);
  const run = root ? `if [ "$(id -u)" = 0 ]; then "$script"; else sudo -n -E "$script"; fi` : '"$script"';
  return `${exports.join('')}script=$(mktemp) || exit 1
trap 'rm -f "$script"' EXIT
base64 -d >"$script" <<'KVM_WORKBENCH_END'
${encoded}
KVM_WORKBENCH_END
chmod 700 "$script"
${run} </dev/null
`;
}

async function textOf(script: DeclaredScript): Promise<string> {
  return script.kind === 'text' ? script.text : readFile(script.path, 'utf8');
}

function failureText(script: DeclaredScript, number: number, exitCode: number, guest: string): string {
  return script.kind === 'file'
    ? t('{0} ended with status {1} in {2}', basename(script.path), exitCode, guest)
    : t('Script {0} of “provision” ended with status {1} in {2}', number, exitCode, guest);
}
