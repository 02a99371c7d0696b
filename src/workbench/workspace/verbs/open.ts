import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { copyText } from '../../ui/clipboard.ts';
import type { Environments } from '../environments.ts';
import type { PartNode } from '../view/nodes.ts';
import { oneGuestOf } from './targets.ts';
import { inform } from '../../ui/notices.ts';

/** Shows a forwarded port in the browser. */
export async function openPort(_environments: Environments, given: unknown): Promise<void> {
  const part = given as PartNode | undefined;
  if (part?.kind !== 'part' || part.type !== 'port') return;
  const scheme = part.port.guest === 443 || part.port.guest === 8443 ? 'https' : 'http';
  const address = part.port.address === '0.0.0.0' ? '127.0.0.1' : part.port.address;
  const uri = await vscode.env.asExternalUri(vscode.Uri.parse(`${scheme}://${address}:${part.port.host}/`));
  await vscode.env.openExternal(uri);
}

export async function copyAddress(_environments: Environments, given: unknown): Promise<void> {
  const part = given as PartNode | undefined;
  if (part?.kind === 'part' && part.type === 'address') await copyText(part.address);
}

/** Opens the serial console of a guest. */
export async function openConsole(environments: Environments, given: unknown): Promise<void> {
  const chosen = await oneGuestOf(environments, given, t('Open the Console of Which Guest?'));
  if (chosen === undefined) return;
  const { entry, guest } = chosen;
  const status = entry.status(guest.name);
  if (status?.kind !== 'there') {
    void inform(t('“{0}” does not exist yet: run Up first.', guest.name));
    return;
  }
  const host = await environments.hosts.host(guest.host);
  await environments.parts.openConsole(new DomainTarget(host, status.uuid, guest.domain));
}
