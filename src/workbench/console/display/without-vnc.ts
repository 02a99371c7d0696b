import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { refOf } from '../../../model/inventory/kinds/domain-record.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { isSessionDaemon, isThisMachine } from '../../../model/inventory/place.ts';
import { DomainXml } from '../../../client/libvirt/domain/domain.ts';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import type { LibvirtUri } from '../../../client/transport/uri.ts';
import { quoted } from '../../ui/names.ts';
import type { Graphics } from './graphics.ts';
import { type Listen, withVnc } from './vnc-xml.ts';

/** What can be done about a display that listens nowhere. */
const CHANGES: Readonly<Record<Listen['kind'], { readonly button: string; readonly text: string }>> = {
  socket: { button: 'Use a Socket', text: 'listen on a private socket of its host' },
  port: {
    button: 'Use a Port with a Password',
    text: 'listen on a port that only its host can reach, with a password',
  },
};

const REMOTE_VIEWER = 'Open in remote-viewer';

/** Offers what leads to a picture of a domain that has no VNC display which can be reached. */
export async function offerWay(target: DomainTarget, graphics: Graphics): Promise<void> {
  const name = quoted(target.record?.name ?? target.uuid);
  const { uri } = await target.host.connect();
  const listen: Listen = runsGuests(uri)
    ? { kind: 'socket' }
    : { kind: 'port', password: randomBytes(6).toString('base64url') };
  const add = graphics.kind === 'vnc-closed' ? CHANGES[listen.kind].button : 'Add VNC';
  const ways = graphics.kind === 'spice' ? [REMOTE_VIEWER, add] : [add];
  const answer = await vscode.window.showInformationMessage(sentence(graphics, name, listen), ...ways);
  if (answer === REMOTE_VIEWER && graphics.kind === 'spice') {
    const { openRemoteViewer } = await import('./remote-viewer.ts');
    await openRemoteViewer(target, graphics);
  }
  if (answer === add) await addVnc(target, name, listen);
}

function sentence(graphics: Graphics, name: string, listen: Listen): string {
  switch (graphics.kind) {
    case 'spice':
      return `${name} has a SPICE display, which is not shown here.`;
    case 'vnc-closed':
      return `The VNC display of ${name} listens nowhere. It can ${CHANGES[listen.kind].text}.`;
    default:
      return `${name} has no display.`;
  }
}

/** Whether who is connected may use the sockets of guests: libvirt's are for those only that run them. */
function runsGuests(uri: LibvirtUri): boolean {
  if (isSessionDaemon(uri)) return true;
  return isThisMachine(uri) ? process.getuid?.() === 0 : uri.user === 'root';
}

/** In the definition, since libvirt adds no display to a guest that runs. */
async function addVnc(target: DomainTarget, name: string, listen: Listen): Promise<void> {
  const connection = await target.host.connect();
  const { record } = target;
  if (record === undefined) return;
  const xml = await connection.domains.xml(refOf(record), DomainXml.SECURE | DomainXml.INACTIVE);
  await connection.domains.defineXml(withVnc(xml, listen));
  const when = isActive(record.state) ? ' from its next start on' : ' now';
  await vscode.window.showInformationMessage(`${name} has a VNC display that can be opened${when}.`);
}
