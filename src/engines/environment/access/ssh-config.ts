import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { t } from '@vscode/l10n';
import { withLock } from '../../../model/files/lock.ts';
import { writeWhole } from '../../../model/files/replace-file.ts';
import { inQuotes, line } from '../../../model/text/line.ts';
import type { SshKeys } from './ssh-keys.ts';
import { sshOptions, type SshTarget } from './ssh-run.ts';
import { withWorkspace } from './workspace-lock.ts';

/** The file beside a workspace's keys that tells ssh clients about its guests. */
const FILE = 'ssh_config';
/** In lower case, since URIs lose upper case. */
const SUFFIX = '.kvm';

/** The name of a guest in an ssh config. */
function sshHostName({ alias }: SshTarget): string {
  return `${alias.toLowerCase()}${SUFFIX}`;
}

/** Writes how a guest is reached now into the workspace's own config. Returns its name there. */
export async function noteSshHost(folder: string, keys: SshKeys, target: SshTarget): Promise<string> {
  const host = sshHostName(target);
  const lines = Object.entries(sshOptions(keys, target)).map(([name, value]) => line`    ${name} ${value}`);
  await rewrite(folder, host, line`Host ${host}` + lines.join(''));
  return host;
}

/** Removes a guest that is gone. */
export async function forgetSshHost(folder: string, alias: string): Promise<void> {
  await rewrite(folder, `${alias.toLowerCase()}${SUFFIX}`, undefined);
}

async function rewrite(folder: string, host: string, block: string | undefined): Promise<void> {
  await withWorkspace(folder, async () => {
    const path = join(folder, FILE);
    const old = await readFile(path, 'utf8').catch(() => '');
    const others = old
      .split(/^(?=Host )/mu)
      .filter((each) => each !== '' && !each.startsWith(`Host ${host}\n`));
    const text = [...others, ...(block === undefined ? [] : [block])].join('');
    if (text !== old) await writeWhole(path, text, { mode: 0o600 });
  });
}

/** Where a person's own ssh config is. */
export function personalSshConfig(): string {
  return join(homedir(), '.ssh', 'config');
}

/** The line that includes the guests of all workspaces below the folder `environments`. */
export function includeLine(environments: string): string {
  // not for people: ssh reads it
  return `Include ${inQuotes(`${environments}/*/${FILE}`)}`;
}

/** Whether a config has the line already. */
export async function includesGuests(config: string, environments: string): Promise<boolean> {
  const text = await readFile(config, 'utf8').catch(() => '');
  return text.split(/\r?\n/u).some((line) => line.trim() === includeLine(environments));
}

/**
 * Adds the line at the top, before any host, unless it is there. The rest of the file stays as it is, also when this is
 * interrupted or the disk is full; a link stays a link.
 */
export async function includeGuests(config: string, environments: string): Promise<void> {
  await mkdir(dirname(config), { recursive: true, mode: 0o700 });
  await mkdir(environments, { recursive: true, mode: 0o700 });
  await withLock(join(environments, '.include.lock'), async () => {
    if (await includesGuests(config, environments)) return;
    // As bytes: what is in it may be of any encoding.
    const old = await readFile(config).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    });
    const note = t('# Guests of KVM Workbench, for “Open Folder in Guest”');
    const head = Buffer.from(`${line`${note}`}${line`${includeLine(environments)}`}\n`);
    await writeWhole(config, Buffer.concat([head, old]), { mode: 0o600 });
  });
}
