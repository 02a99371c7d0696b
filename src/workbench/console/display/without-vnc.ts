import { randomBytes } from 'node:crypto';
import { t } from '@vscode/l10n';
import { refOf } from '../../../model/inventory/kinds/domain-record.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { isSessionDaemon, isThisMachine } from '../../../model/inventory/place.ts';
import { DomainXml } from '../../../client/libvirt/domain/domain.ts';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import type { LibvirtUri } from '../../../client/transport/uri.ts';
import { quoted } from '../../ui/names.ts';
import type { Graphics } from './graphics.ts';
import { type Listen, withVnc } from './vnc-xml.ts';
import { inform } from '../../ui/notices.ts';

/** What can be done about a display that listens nowhere: the button, and what is said above it. */
const CHANGES = {
  socket: {
    button: () => t('Use a Socket'),
    sentence: (name: string) =>
      t('The VNC display of {0} listens nowhere. It can listen on a private socket of its host.', name),
  },
  port: {
    button: () => t('Use a Port with a Password'),
    sentence: (name: string) =>
      t(
        'The VNC display of {0} listens nowhere. It can listen on a port that only its host can reach, with a password.',
        name,
      ),
  },
} satisfies Record<Listen['kind'], { button: () => string; sentence: (name: string) => string }>;

/** Offers ways to see a domain that has no VNC display which can be reached. */
export async function offerWay(target: DomainTarget, graphics: Graphics): Promise<void> {
  const name = quoted(target.record?.name ?? target.uuid);
  const { uri } = await target.host.connect();
  const listen: Listen = runsGuests(uri)
    ? { kind: 'socket' }
    : { kind: 'port', password: randomBytes(6).toString('base64url') };
  const viewer = t('Open in remote-viewer');
  const add = graphics.kind === 'vnc-closed' ? CHANGES[listen.kind].button() : t('Add VNC Display');
  const ways = graphics.kind === 'spice' ? [viewer, add] : [add];
  const answer = await inform(sentence(graphics, name, listen), ...ways);
  if (answer === viewer && graphics.kind === 'spice') {
    const { openRemoteViewer } = await import('./remote-viewer.ts');
    await openRemoteViewer(target, graphics);
  }
  if (answer === add) await addVnc(target, name, listen);
}

function sentence(graphics: Graphics, name: string, listen: Listen): string {
  switch (graphics.kind) {
    case 'spice':
      return t('{0} has a SPICE display, which cannot be shown here.', name);
    case 'vnc-closed':
      return CHANGES[listen.kind].sentence(name);
    default:
      return t('{0} has no display.', name);
  }
}

/** Whether the connected user may open the sockets of guests: only the user who runs a guest may. */
function runsGuests(uri: LibvirtUri): boolean {
  if (isSessionDaemon(uri)) return true;
  return isThisMachine(uri) ? process.getuid?.() === 0 : uri.user === 'root';
}

/** Changes the definition only: libvirt adds no display to a running guest. */
async function addVnc(target: DomainTarget, name: string, listen: Listen): Promise<void> {
  const connection = await target.host.connect();
  const { record } = target;
  if (record === undefined) return;
  const xml = await connection.domains.xml(refOf(record), DomainXml.SECURE | DomainXml.INACTIVE);
  await connection.domains.defineXml(withVnc(xml, listen));
  await inform(
    isActive(record.state)
      ? t('{0} has a VNC display from its next start on.', name)
      : t('{0} now has a VNC display.', name),
  );
}
