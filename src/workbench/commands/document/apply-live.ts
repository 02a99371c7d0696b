import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { changeDevices, type ChangedDevices } from '../../../model/operations/domain/change-devices.ts';
import type { DeviceChange } from '../../../model/operations/domain/device-changes.ts';
import { addressOf, labelOf } from '../../ui/domain-uri.ts';
import { displayName, quoted } from '../../ui/names.ts';
import { withProgress } from '../../ui/progress.ts';
import type { CommandContext } from '../context.ts';
import { inform } from '../../ui/notices.ts';

/** Makes the devices of a running domain those of its definition, as far as libvirt can. */
export async function applyLive({ inventory, presenter }: CommandContext, argument: unknown): Promise<void> {
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  const address = uri && addressOf(uri);
  const host = inventory.hostByAlias(address?.host ?? '');
  if (uri === undefined || address?.kind !== 'domain' || host === undefined) return;
  const name = quoted(labelOf(uri));
  try {
    const target = new DomainTarget(host, address.key);
    const changed = await withProgress(t('Changing devices of {0}', name), (signal) =>
      changeDevices(target, {}, { signal }),
    );
    const { done, failed } = changed;
    const count = done.length + failed.length;
    if (failed.length > 0)
      await presenter.failures(
        count === 1
          ? t('Could not change a device of {0}.', name)
          : t('Could not change {0} of {1} devices of {2}.', failed.length, count, name),
        failed.map(({ change, error }) => ({
          subject: TRIED[change.verb](displayName(change.device)),
          error,
        })),
      );
    if (done.length > 0 || count === 0) await inform(resultText(name, changed));
  } catch (error) {
    await presenter.failure(t('Could not change the devices of {0}.', name), error);
  }
}

const TRIED: Readonly<Record<DeviceChange['verb'], (device: string) => string>> = {
  attach: (device) => t('Attaching {0}', device),
  detach: (device) => t('Detaching {0}', device),
  update: (device) => t('Changing {0}', device),
};

const DONE: Readonly<Record<DeviceChange['verb'], (device: string, guest: string) => string>> = {
  attach: (device, guest) => t('Attached {0} to {1}.', device, guest),
  // A guest has to let go of a device first.
  detach: (device, guest) => t('Asked {1} to let go of {0}.', device, guest),
  update: (device, guest) => t('Changed {0} of {1}.', device, guest),
};

function resultText(name: string, { done, atNextStart }: ChangedDevices): string {
  const changes = done.map(({ verb, device }) => DONE[verb](displayName(device), name));
  const nothing = done.length === 0 ? [t('No device of {0} can be changed while it runs.', name)] : [];
  return [...nothing, ...changes, restText(atNextStart)].join(' ');
}

function restText(atNextStart: readonly string[]): string {
  const devices = atNextStart.map(displayName).join(', ');
  return devices === ''
    ? t('Everything else takes effect at its next start.')
    : t('At its next start: {0}, and everything else.', devices);
}
