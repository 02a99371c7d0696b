import { t } from '@vscode/l10n';
import type { RpcConnection } from '../../rpc/connection.ts';
import { RemoteError } from '../../rpc/error.ts';
import * as procedures from '../../rpc/procedures/connect.ts';
import { TransportError } from '../../transport/error.ts';
import type { Attempt } from '../../transport/ask.ts';
import type { LibvirtUri } from '../../transport/uri.ts';
import { authenticateSasl } from './sasl.ts';

/** `virNetServerServiceAuth`. */
const AUTH_SASL = 1;
const AUTH_POLKIT = 2;

/** Proves to the daemon who we are, in the way it asks for. @throws TransportError (`authentication`). */
export async function authenticate(rpc: RpcConnection, uri: LibvirtUri, attempt: Attempt): Promise<void> {
  const { signal } = attempt;
  const wanted = parseHint(uri);
  const { types } = await rpc.call(procedures.authList, undefined, {
    signal,
    timeoutMs: rpc.patience.answerMs,
  });
  if (wanted !== undefined && types.length > 0 && !types.includes(wanted.type))
    throw new TransportError(
      'authentication',
      t('The daemon does not offer what auth={0} in the URI asks for', uri.extras.get('auth') ?? ''),
      t('Remove it from the URI: the daemon then chooses.'),
    );
  const type = wanted?.type ?? types[0];
  if (type === AUTH_POLKIT) return authenticatePolkit(rpc, signal);
  if (type === AUTH_SASL) return authenticateSasl(rpc, uri, wanted?.mechanism, attempt);
}

interface Hint {
  readonly type: number;
  readonly mechanism: string | undefined;
}

/** `auth=polkit`, `auth=sasl` or, say, `auth=sasl.scram-sha-256`. */
function parseHint(uri: LibvirtUri): Hint | undefined {
  const text = uri.extras.get('auth');
  if (text === undefined) return undefined;
  if (/^polkit$/i.test(text)) return { type: AUTH_POLKIT, mechanism: undefined };
  const sasl = /^sasl(?:\.(?<mechanism>[A-Za-z0-9_-]+))?$/i.exec(text)?.groups;
  if (sasl !== undefined) return { type: AUTH_SASL, mechanism: sasl['mechanism'] };
  throw new TransportError(
    'bad-uri',
    t('auth={0} is not known', text),
    t('libvirt knows auth=polkit, auth=sasl and auth=sasl.MECHANISM.'),
  );
}

async function authenticatePolkit(rpc: RpcConnection, signal: AbortSignal): Promise<void> {
  try {
    await rpc.call(procedures.authPolkit, undefined, { signal });
  } catch (cause) {
    if (!(cause instanceof RemoteError)) throw cause;
    throw new TransportError(
      'authentication',
      t('polkit refused the connection: {0}', cause.message),
      t('Add yourself to the group libvirt, or add a polkit rule that allows you org.libvirt.unix.manage.'),
      { cause },
    );
  }
}
