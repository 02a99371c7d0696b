import { randomBytes } from 'node:crypto';
import type { LibvirtUri } from '../../../client/transport/uri.ts';
import { isSessionDaemon, isThisMachine } from '../../../model/inventory/place.ts';
import type { Listen } from '../../../model/operations/domain/vnc-xml.ts';

/** How a display can be reached that listens nowhere: by a socket, where whoever is connected may open it. */
export function wayToListen(uri: LibvirtUri): Listen {
  return runsGuests(uri)
    ? { kind: 'socket' }
    : { kind: 'port', password: randomBytes(6).toString('base64url') };
}

/** Whether the connected user may open the sockets of guests: only the user who runs a guest may. */
function runsGuests(uri: LibvirtUri): boolean {
  if (isSessionDaemon(uri)) return true;
  return isThisMachine(uri) ? process.getuid?.() === 0 : uri.user === 'root';
}
