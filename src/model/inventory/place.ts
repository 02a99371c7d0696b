import {
  isSessionUri,
  leadsHere,
  type LibvirtUri,
  parseUri,
  transportOf,
} from '../../client/transport/uri.ts';

/** A host by its URI, or what that says. */
type At = LibvirtUri | string;

/**
 * Whether a host is this machine, so that its files, its ports and its users are ours. As libvirt reads a URI: one
 * without a host means this machine whatever the transport, and a local socket is here whatever host is named with it.
 * A named host is another machine, `localhost` too: its port may be the end of a tunnel. False for what is no URI.
 */
export function isThisMachine(at: At): boolean {
  const uri = parsed(at);
  return uri !== undefined && leadsHere(uri);
}

/**
 * Whether connecting costs nobody a question or a wait: the daemon's own socket is on this machine. False for what is
 * no URI.
 */
export function isAtHand(at: At): boolean {
  const uri = parsed(at);
  return uri !== undefined && transportOf(uri) === 'unix';
}

/**
 * Whether the daemon is a user's own, which runs guests with that user's rights, and not the system's. Root has none
 * of its own: for root libvirt takes the session URI for the system's. False for what is no URI.
 * @param uid the user of this machine, who is also who logs in elsewhere where the URI names nobody
 */
export function isSessionDaemon(at: At, uid = process.getuid?.()): boolean {
  const uri = parsed(at);
  if (uri === undefined || !isSessionUri(uri)) return false;
  // Whose socket that is, nobody can tell; a daemon of the system would have been called so.
  if (uri.extras.has('socket')) return true;
  switch (transportOf(uri)) {
    case 'unix':
      return uid !== 0;
    case 'ssh':
      return uri.user === undefined ? uid !== 0 : uri.user !== 'root';
    default:
      return true;
  }
}

function parsed(at: At): LibvirtUri | undefined {
  if (typeof at !== 'string') return at;
  try {
    return parseUri(at);
  } catch {
    return undefined;
  }
}
