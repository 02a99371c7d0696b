import { setTimeout as delay } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { ChangeDevice } from '../../../client/libvirt/domain/devices.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { DiskSource } from '../../storage/disk.ts';
import { diskXml } from '../../storage/disk-xml.ts';
import { OperationError } from '../error.ts';
import type { OperationOptions } from '../operation.ts';
import { affect, type When } from './affect.ts';
import { changeDisk, type DiskTarget } from './on-disk.ts';

/** A guest that boots closes the tray again that libvirt has just opened. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 500;

export interface MediaChoices {
  /** What the drive gets; undefined empties it. */
  readonly source: DiskSource | undefined;
  readonly when: When;
  /** Takes what is in it although the guest has locked the drive. */
  readonly force?: boolean;
}

/**
 * `virDomainUpdateDeviceFlags` of a CD-ROM or floppy drive: inserts, changes or ejects what is in it.
 * @throws OperationError `disk-state` for a disk that is no drive; GoneError; RemoteError when the guest holds it
 */
export function changeMedia(
  target: DiskTarget,
  { source, when, force = false }: MediaChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDisk(target, options, async ({ connection, ref, disk }) => {
    if (disk.device !== 'cdrom' && disk.device !== 'floppy')
      throw new OperationError('disk-state', t('{0} is no drive whose medium can be changed', target.disk));
    const xml = diskXml({
      target: disk.target,
      device: disk.device,
      bus: disk.bus ?? 'sata',
      source,
      format: 'raw',
    });
    const flags = affect(target.domain, when) | (force ? ChangeDevice.FORCE : 0);
    await againWhileTrayMoves(() => connection.domainDevices.update(ref, xml, flags, options), options);
  });
}

async function againWhileTrayMoves(change: () => Promise<void>, { signal }: OperationOptions): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await change();
      return;
    } catch (error) {
      // libvirt has no code of its own for what QEMU says then.
      if (performance.now() > deadline || !isLibvirtError(error, ErrorCode.INTERNAL_ERROR)) throw error;
      await delay(PAUSE_MS, undefined, signal === undefined ? {} : { signal });
    }
  }
}
