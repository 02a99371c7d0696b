import * as vscode from 'vscode';
import { deviceChanges, type DeviceChange } from '../../../model/inventory/device-changes.ts';
import { DomainXml, type DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { ChangeDevice } from '../../../client/libvirt/domain/devices.ts';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { addressOf, labelOf } from '../../ui/domain-uri.ts';
import { displayName, quoted } from '../../ui/names.ts';
import { withProgress } from '../../ui/progress.ts';
import type { CommandContext } from '../context.ts';

/** Makes the devices of a running domain those of its definition, as far as libvirt can. */
export async function applyLive({ inventory, presenter }: CommandContext, argument: unknown): Promise<void> {
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  const address = uri && addressOf(uri);
  const host = inventory.hostByAlias(address?.host ?? '');
  if (uri === undefined || address?.kind !== 'domain' || host === undefined) return;
  const name = quoted(labelOf(uri));
  try {
    const connection = await host.connect();
    const domain = await connection.domains.lookupByUuid(address.key);
    const [live, saved] = await Promise.all([
      connection.domains.xml(domain, DomainXml.SECURE),
      connection.domains.xml(domain, DomainXml.SECURE | DomainXml.INACTIVE),
    ]);
    const { changes, atNextStart } = deviceChanges(live, saved);
    if (changes.length === 0) {
      await vscode.window.showInformationMessage(
        `No device of ${name} can be changed while it runs. ${restOf(atNextStart)}`,
      );
      return;
    }
    const { done, failures } = await withProgress(`Changing devices of ${name}`, (signal) =>
      applyAll(connection, domain, changes, signal),
    );
    if (failures.length > 0)
      await presenter.failures(
        `Could not change ${failures.length} of ${changes.length} devices of ${name}`,
        [...failures],
      );
    if (done.length > 0)
      await vscode.window.showInformationMessage(`${name}: ${done.join(', ')}. ${restOf(atNextStart)}`);
  } catch (error) {
    await presenter.failure(`Could not change the devices of ${name}`, error);
  }
}

interface Outcome {
  readonly done: readonly string[];
  readonly failures: readonly { readonly subject: string; readonly error: unknown }[];
}

/** One after the other, since one may need the place that another leaves. */
async function applyAll(
  connection: Connection,
  domain: DomainRef,
  changes: readonly DeviceChange[],
  signal: AbortSignal,
): Promise<Outcome> {
  const done: string[] = [];
  const failures: { subject: string; error: unknown }[] = [];
  for (const { verb, device, xml } of changes) {
    try {
      await connection.domainDevices[verb](domain, xml, ChangeDevice.LIVE, { signal });
      done.push(`${DONE[verb]} ${displayName(device)}`);
    } catch (error) {
      failures.push({ subject: `${verb} ${device}`, error });
    }
  }
  return { done, failures };
}

/** A guest has to let go of a device first. */
const DONE = { attach: 'attached', detach: 'asked the guest to let go of', update: 'changed' };

function restOf(atNextStart: readonly string[]): string {
  const devices = atNextStart.map(displayName).join(', ');
  return devices === ''
    ? 'All else takes effect at its next start.'
    : `At its next start: ${devices}, and all else.`;
}
