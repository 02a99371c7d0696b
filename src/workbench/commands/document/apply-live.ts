import * as vscode from 'vscode';
import { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { changeDevices, type ChangedDevices } from '../../../model/operations/domain/change-devices.ts';
import type { DeviceChange } from '../../../model/operations/domain/device-changes.ts';
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
    const target = new DomainTarget(host, address.key);
    const changed = await withProgress(`Changing devices of ${name}`, (signal) =>
      changeDevices(target, {}, { signal }),
    );
    const { done, failed } = changed;
    const count = done.length + failed.length;
    if (failed.length > 0)
      await presenter.failures(
        `Could not change ${failed.length} of ${count} devices of ${name}`,
        failed.map(({ change, error }) => ({ subject: TRIED[change.verb](change.device), error })),
      );
    if (done.length > 0 || count === 0) await vscode.window.showInformationMessage(resultText(name, changed));
  } catch (error) {
    await presenter.failure(`Could not change the devices of ${name}`, error);
  }
}

type DeviceWords = Readonly<Record<DeviceChange['verb'], (device: string) => string>>;

const TRIED: DeviceWords = {
  attach: (device) => `attaching ${device}`,
  detach: (device) => `detaching ${device}`,
  update: (device) => `changing ${device}`,
};

const DONE: DeviceWords = {
  attach: (device) => `attached ${device}`,
  // A guest has to let go of a device first.
  detach: (device) => `asked the guest to let go of ${device}`,
  update: (device) => `changed ${device}`,
};

function resultText(name: string, { done, atNextStart }: ChangedDevices): string {
  const rest = restText(atNextStart);
  if (done.length === 0) return `No device of ${name} can be changed while it runs. ${rest}`;
  const changes = done.map(({ verb, device }) => DONE[verb](displayName(device)));
  return `${name}: ${changes.join(', ')}. ${rest}`;
}

function restText(atNextStart: readonly string[]): string {
  const devices = atNextStart.map(displayName).join(', ');
  return devices === ''
    ? 'All else takes effect at its next start.'
    : `At its next start: ${devices}, and all else.`;
}
