import * as vscode from 'vscode';
import { refOf } from '../../inventory/domain-record.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import { DomainXml } from '../../libvirt/domain.ts';
import { isActive } from '../../libvirt/domain-state.ts';
import { quoted } from '../../ui/names.ts';
import type { Graphics } from './graphics.ts';
import { withVnc } from './vnc-xml.ts';

const REMOTE_VIEWER = 'Open in remote-viewer';

/** Offers what leads to a picture of a domain that has no VNC display which can be reached. */
export async function offerWay(target: DomainTarget, graphics: Graphics): Promise<void> {
  const name = quoted(target.record?.name ?? target.uuid);
  const add = graphics.kind === 'vnc-closed' ? 'Use a Socket' : 'Add VNC';
  const ways = graphics.kind === 'spice' ? [REMOTE_VIEWER, add] : [add];
  const answer = await vscode.window.showInformationMessage(sentence(graphics, name), ...ways);
  if (answer === REMOTE_VIEWER && graphics.kind === 'spice') {
    const { openRemoteViewer } = await import('./remote-viewer.ts');
    await openRemoteViewer(target, graphics);
  }
  if (answer === add) await addVnc(target, name);
}

function sentence(graphics: Graphics, name: string): string {
  switch (graphics.kind) {
    case 'spice':
      return `${name} has a SPICE display, which is not shown here.`;
    case 'vnc-closed':
      return `The VNC display of ${name} listens nowhere. It can listen on a private socket of its host.`;
    default:
      return `${name} has no display.`;
  }
}

/** In the definition, since libvirt adds no display to a guest that runs. */
async function addVnc(target: DomainTarget, name: string): Promise<void> {
  const connection = await target.host.connect();
  const { record } = target;
  if (record === undefined) return;
  const xml = await connection.domains.xml(refOf(record), DomainXml.SECURE | DomainXml.INACTIVE);
  await connection.domains.defineXml(withVnc(xml));
  const when = isActive(record.state) ? ' It is there after the next shutdown and start.' : '';
  await vscode.window.showInformationMessage(`${name} has a VNC display now.${when}`);
}
