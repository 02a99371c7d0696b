import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import { type ConfigValue, parseConfig } from './config-syntax.ts';
import { TransportError } from './error.ts';
import { type LibvirtUri, parseUri, transportOf } from './uri.ts';

const ALIAS = /^[A-Za-z0-9_-]+$/;
export const SYSTEM_FOLDER = '/etc/libvirt';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Turns what a person wrote in place of a URI into one: an empty text means the default URI, a name is an alias
 * from libvirt.conf. As in libvirt, `LIBVIRT_DEFAULT_URI` comes before `uri_default`, and either may be an
 * alias. Without both, root gets the system's daemon and everybody else their own.
 * @throws TransportError `bad-uri` for an unknown alias, `configuration` that names the file and line.
 */
export async function resolveUri(text: string, env: Environment = process.env): Promise<string> {
  const wanted = text.trim();
  // Whoever names a URI is not held up by a mistake in a file that is not needed.
  if (wanted.includes(':')) return wanted;
  const path = configPath(env);
  const entries = await readConfig(path);
  const name = wanted === '' ? defaultUri(env, entries, path) : wanted;
  if (name.includes(':')) return name;
  const uri = aliases(entries, path).get(name);
  if (uri !== undefined) return uri;
  throw new TransportError(
    'bad-uri',
    t('“{0}” is neither a libvirt URI nor an alias', name),
    t(
      'Examples: qemu:///system, qemu+ssh://user@host/system. Aliases are read from {0} (uri_aliases).',
      path,
    ),
  );
}

/** What the settings of libvirt.conf stand for in a URI, where it does not say so itself. */
const SETTINGS = { remote_mode: 'mode', remote_proxy: 'proxy' } as const;

/**
 * The URI that what a person wrote stands for, as {@link resolveUri} has it, taken apart, with what `remote_mode`
 * (which of the daemons) and `remote_proxy` (how ssh gets to it) of libvirt.conf add to it.
 * @throws TransportError as {@link resolveUri} and parseUri do.
 */
export async function readUri(text: string, env: Environment = process.env): Promise<LibvirtUri> {
  const uri = parseUri(await resolveUri(text, env));
  // Only these ways lead to one of several sockets, and socket= names it.
  const transport = transportOf(uri);
  if ((transport !== 'unix' && transport !== 'ssh') || uri.extras.has('socket')) return uri;
  const path = configPath(env);
  const entries = await readConfig(path);
  const extras = new Map(uri.extras);
  for (const [setting, name] of Object.entries(SETTINGS)) {
    const entry = entries.get(setting);
    if (entry === undefined || extras.has(name)) continue;
    if (entry.type !== 'string') throw wrong(path, entry.line, t('{0} must be a quoted string', setting));
    extras.set(name, entry.value);
  }
  return { ...uri, extras };
}

/** Where libvirt keeps a user's configuration. */
export function userConfigFolder(env: Environment): string {
  const base = env['XDG_CONFIG_HOME'];
  return join(
    base === undefined || base === '' ? join(env['HOME'] ?? homedir(), '.config') : base,
    'libvirt',
  );
}

/** Root has no libvirt.conf of their own, and nobody else reads the system's. */
function configPath(env: Environment): string {
  return join(process.geteuid?.() === 0 ? SYSTEM_FOLDER : userConfigFolder(env), 'libvirt.conf');
}

function defaultUri(env: Environment, entries: ReadonlyMap<string, ConfigValue>, path: string): string {
  const fromEnvironment = env['LIBVIRT_DEFAULT_URI']?.trim() ?? '';
  if (fromEnvironment !== '') return fromEnvironment;
  const entry = entries.get('uri_default');
  if (entry === undefined) return process.geteuid?.() === 0 ? 'qemu:///system' : 'qemu:///session';
  if (entry.type === 'string') return entry.value.trim();
  throw wrong(path, entry.line, t('uri_default must be a quoted string'));
}

function aliases(entries: ReadonlyMap<string, ConfigValue>, path: string): ReadonlyMap<string, string> {
  const entry = entries.get('uri_aliases');
  const found = new Map<string, string>();
  if (entry === undefined) return found;
  const items = entry.type === 'list' ? entry.value : [entry];
  for (const item of items) {
    if (item.type !== 'string')
      throw wrong(path, item.line, t('uri_aliases must be a list of quoted strings'));
    const equals = item.value.indexOf('=');
    const name = item.value.slice(0, Math.max(equals, 0));
    if (!ALIAS.test(name))
      throw wrong(
        path,
        item.line,
        t('“{0}” in uri_aliases is not NAME=URI; a name consists of letters, digits, _ and -', item.value),
      );
    // The first of a name counts, as in libvirt.
    if (!found.has(name)) found.set(name, item.value.slice(equals + 1).trim());
  }
  return found;
}

async function readConfig(path: string): Promise<ReadonlyMap<string, ConfigValue>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return new Map();
    throw new TransportError('configuration', t('{0} cannot be read', path), t('Check its permissions.'), {
      cause,
    });
  }
  return parseConfig(text, path);
}

function wrong(path: string, line: number, message: string): TransportError {
  return new TransportError('configuration', `${path}:${line}: ${message}`, t('Correct that line.'));
}
