import { t } from '@vscode/l10n';
import { attributeBelow, valueBelow } from '../xml/find.ts';
import type { DomainView } from './domain-view.ts';
import type { Finding } from './finding.ts';
import { valueRange } from './measure.ts';
import { setting } from './remedy.ts';

/** virtiofs leaves all rights to its own daemon. */
export function checkVirtiofs({ devices }: DomainView): Finding[] {
  return devices.flatMap((device) => {
    const mode = device.key === 'filesystem' ? attributeBelow(device, 'accessmode') : undefined;
    if (
      mode === undefined ||
      mode.value === 'passthrough' ||
      valueBelow(device, 'driver@type') !== 'virtiofs'
    )
      return [];
    return [
      {
        ...valueRange(mode),
        code: 'virtiofs-access',
        message: t('virtiofs has only the access mode “passthrough”; libvirt refuses “{0}”.', mode.value),
        fixes: [setting(device, 'accessmode', 'passthrough', true)],
        reference: 'kbase/virtiofs.html',
      },
    ];
  });
}
