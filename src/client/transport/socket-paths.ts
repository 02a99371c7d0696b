import { homedir } from 'node:os';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import { TransportError } from './error.ts';
import { isSessionUri, type LibvirtUri } from './uri.ts';

export interface SocketPaths {
  /** In the order in which they are tried. */
  readonly candidates: readonly string[];
  /** Named by the URI, not found by us. */
  readonly explicit: boolean;
  /** A session daemon, which the client starts when it is not there. */
  readonly startable: boolean;
}

const SYSTEM_DIRECTORY = '/var/run/libvirt';

/** Where the daemon for this URI listens: the modular daemon of the driver first, then the monolithic one. */
export function socketCandidates(uri: LibvirtUri): SocketPaths {
  const explicit = uri.extras.get('socket');
  if (explicit === '')
    throw new TransportError(
      'bad-uri',
      t('socket= names no file'),
      t('Example: socket=/var/run/libvirt/libvirt-sock.'),
    );
  if (explicit !== undefined) return { candidates: [explicit], explicit: true, startable: false };
  // root has no session of its own in libvirt: its session URI means the system daemon.
  const session = isSessionUri(uri) && process.getuid?.() !== 0;
  const directory = session ? sessionDirectory() : SYSTEM_DIRECTORY;
  const suffix = uri.extras.has('readonly') && !session ? '-sock-ro' : '-sock';
  const modular = `virt${uri.driver}d${suffix}`;
  const names = socketNames(uri.extras.get('mode'), modular, `libvirt${suffix}`);
  return { candidates: names.map((name) => join(directory, name)), explicit: false, startable: session };
}

function socketNames(mode: string | undefined, modular: string, monolithic: string): readonly string[] {
  switch (mode) {
    case undefined:
    case 'auto':
      return [modular, monolithic];
    case 'direct':
      return [modular];
    case 'legacy':
      return [monolithic];
    default:
      throw new TransportError(
        'bad-uri',
        t('mode={0} is not known', mode),
        t('libvirt knows mode=auto, mode=direct and mode=legacy.'),
      );
  }
}

/** libvirt's user runtime directory: below XDG_RUNTIME_DIR, else below the user's cache. */
function sessionDirectory(): string {
  const { XDG_RUNTIME_DIR: runtime, XDG_CACHE_HOME: cache } = process.env;
  if (runtime !== undefined && runtime !== '') return join(runtime, 'libvirt');
  return join(cache ?? join(homedir(), '.cache'), 'libvirt');
}
