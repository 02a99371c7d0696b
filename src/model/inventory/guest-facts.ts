import { t } from '@vscode/l10n';
import type { GuestInfo } from '../../client/libvirt/domain/guest-info.ts';

/** More would make no tooltip. */
const SHOWN_MAX = 6;
const GIB = 1024 ** 3;

/** What a person wants to know of a guest, as labels and values. The guest may have said anything. */
export function guestRows(info: GuestInfo): readonly (readonly [label: string, value: string])[] {
  const { os, hostname } = info;
  const system = [os?.prettyName ?? os?.name, os?.kernelRelease].filter((part) => part !== undefined);
  return [
    ...(system.length === 0 ? [] : [[t('Guest system'), system.join(', ')] as const]),
    ...(hostname === undefined ? [] : [[t('Host name'), hostname] as const]),
    ...list(t('Addresses'), addressesOf(info)),
    ...list(t('File systems'), fileSystemsOf(info)),
  ];
}

function addressesOf({ interfaces }: GuestInfo): readonly string[] {
  return interfaces
    .filter(({ name }) => name !== 'lo')
    .flatMap(({ name, addresses }) => addresses.map(({ address }) => `${address} (${name})`))
    .filter((text) => !text.startsWith('fe80:'));
}

function fileSystemsOf({ fileSystems }: GuestInfo): readonly string[] {
  return fileSystems.flatMap(({ mountPoint, used, total }) => {
    if (mountPoint === undefined) return [];
    if (used === undefined || total === undefined) return [mountPoint];
    return [t('{0} ({1} of {2} GiB)', mountPoint, gib(used), gib(total))];
  });
}

function list(label: string, values: readonly string[]): readonly (readonly [string, string])[] {
  if (values.length === 0) return [];
  const shown = values.slice(0, SHOWN_MAX).join(', ');
  const more = values.length - SHOWN_MAX;
  return [[label, more > 0 ? t('{0} and {1} more', shown, more) : shown]];
}

function gib(bytes: bigint): string {
  const value = Number(bytes) / GIB;
  return value.toFixed(value < 10 ? 1 : 0);
}
