import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import { type Environment, SYSTEM_FOLDER, userConfigFolder } from '../../transport/client-config.ts';
import { TransportError } from '../../transport/error.ts';
import type { LibvirtUri } from '../../transport/uri.ts';

/** What libvirt's `auth.conf` has for a host. */
export interface StoredCredentials {
  /** The file, so that a person can be told where a wrong password is from. */
  readonly path: string;
  /** `authname`: who we are to the daemon. (`username` is for other products.) */
  readonly user: string | undefined;
  readonly password: string | undefined;
}

type Groups = ReadonlyMap<string, ReadonlyMap<string, string>>;

const GROUP = /^\[(?<name>[^[\]]+)\]\s*$/;
const PAIR = /^(?<key>[^=\s][^=]*?)\s*=\s*(?<value>.*)$/;

/**
 * Looks a host up as libvirt's clients do: in the file that `LIBVIRT_AUTH_FILE` or `authfile=` names, else in
 * the user's `auth.conf`, else in the system's.
 * @throws TransportError (`configuration`); what the file says is never part of it.
 */
export async function readAuthFile(
  uri: LibvirtUri,
  env: Environment = process.env,
): Promise<StoredCredentials | undefined> {
  const path = await findAuthFile(uri, env);
  if (path === undefined) return undefined;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new TransportError(
      'configuration',
      t('The credentials file {0} cannot be read', path),
      t('LIBVIRT_AUTH_FILE, or authfile= in the URI, names it: check that it exists, and its permissions.'),
      { cause },
    );
  }
  return lookUp(parseGroups(text, path), uri.host ?? 'localhost', path);
}

async function findAuthFile(uri: LibvirtUri, env: Environment): Promise<string | undefined> {
  const named = env['LIBVIRT_AUTH_FILE'] ?? uri.extras.get('authfile');
  if (named !== undefined) return named;
  for (const folder of [userConfigFolder(env), SYSTEM_FOLDER]) {
    const path = join(folder, 'auth.conf');
    const readable = await access(path, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (readable) return path;
  }
  return undefined;
}

function lookUp(groups: Groups, host: string, path: string): StoredCredentials | undefined {
  const specific = `auth-libvirt-${host}`;
  const name = groups.has(specific) ? specific : 'auth-libvirt-default';
  const mapping = groups.get(name);
  if (mapping === undefined) return undefined;
  const set = mapping.get('credentials');
  if (set === undefined) throw wrong(path, t('[{0}] has no “credentials”', name));
  const credentials = groups.get(`credentials-${set}`);
  if (credentials === undefined)
    throw wrong(path, t('[{1}] names [credentials-{0}], which is missing', set, name));
  return { path, user: credentials.get('authname'), password: credentials.get('password') };
}

/** GLib's key files: groups in brackets, `key=value` below them, `#` before a comment. */
function parseGroups(text: string, path: string): Groups {
  const groups = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const group = GROUP.exec(line)?.groups?.['name'];
    if (group !== undefined) {
      current = groups.get(group) ?? new Map<string, string>();
      groups.set(group, current);
      continue;
    }
    const pair = PAIR.exec(line)?.groups;
    if (pair === undefined || current === undefined)
      throw wrong(`${path}:${index + 1}`, t('this is neither a [group] nor a key=value below one'));
    current.set(pair['key'] ?? '', unescapeValue(pair['value'] ?? ''));
  }
  return groups;
}

const ESCAPES = new Map([
  ['s', ' '],
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['\\', '\\'],
]);

function unescapeValue(text: string): string {
  return text.replaceAll(/\\(.)/g, (all, char: string) => ESCAPES.get(char) ?? all);
}

function wrong(where: string, message: string): TransportError {
  return new TransportError(
    'configuration',
    `${where}: ${message}`,
    t('Its format is described at https://libvirt.org/auth.html#client-configuration.'),
  );
}
