import { t } from '@vscode/l10n';
import { TransportError } from '../../transport/error.ts';
import type { Attempt } from '../../transport/ask.ts';
import type { LibvirtUri } from '../../transport/uri.ts';
import { readAuthFile } from './auth-file.ts';

/** Who we are to a daemon. Neither is ever part of an error or a log. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
  /** The file that both are from; another try would only be the same. */
  readonly path: string | undefined;
}

/**
 * Takes what `auth.conf` has and asks a person for the rest, as libvirt's clients do. A user name in the URI
 * saves one question. Credentials that were `refused` are forgotten.
 */
export async function findCredentials(
  uri: LibvirtUri,
  { ask, signal }: Attempt,
  refused: Credentials | undefined,
): Promise<Credentials> {
  const stored = await readAuthFile(uri);
  const host = uri.host ?? 'localhost';
  const place = uri.port === undefined ? host : `${host}:${uri.port}`;
  const passwordKey = (name: string) => `sasl-password:${name}@${place}`;
  // The person may give up at the first question already.
  const again = refused === undefined ? {} : { retry: true, forget: [passwordKey(refused.user)] };
  const question = async (kind: 'text' | 'secret', prompt: string, key: string) => {
    const answer = await ask({ kind, host, prompt, key, ...again }, signal);
    signal.throwIfAborted();
    if (answer === undefined) throw declined(host);
    return answer;
  };
  const user =
    stored?.user ?? uri.user ?? (await question('text', t('User name for libvirt'), `sasl-user:${place}`));
  const password =
    stored?.password ?? (await question('secret', t('Password of {0} for libvirt', user), passwordKey(user)));
  const complete = stored?.user !== undefined && stored.password !== undefined;
  return { user, password, path: complete ? stored.path : undefined };
}

function declined(host: string): TransportError {
  return new TransportError(
    'authentication',
    t('The libvirt daemon on {0} requires a user name and a password, and none was given', host),
    t('Connect again to be asked for them, or write them to ~/.config/libvirt/auth.conf.'),
  );
}
