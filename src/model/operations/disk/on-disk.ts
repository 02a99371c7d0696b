import { t } from '@vscode/l10n';
import { DomainXml } from '../../../client/libvirt/domain/domain.ts';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import { type Disk, readDisks } from '../../storage/disk.ts';
import { askDomain, changeDomain, type DomainCall, recordOf } from '../domain/on-domain.ts';
import { OperationError } from '../error.ts';
import type { OperationOptions } from '../operation.ts';

/** One disk of one domain, by what the guest is meant to call it. */
export interface DiskTarget {
  readonly domain: DomainTarget;
  /** Such as `vda`. */
  readonly disk: string;
}

/** What a call to libvirt needs to name the disk, and how the disk is now. */
export interface DiskCall extends DomainCall {
  readonly disk: Disk;
  /** It runs, so that `disk` is what it runs with. */
  readonly active: boolean;
}

/** The disks that a domain runs with, or will. @throws GoneError, RemoteError */
export function disksOf(domain: DomainTarget, options: OperationOptions = {}): Promise<readonly Disk[]> {
  return askDomain(domain, (call) => readNow(domain, call, options));
}

/**
 * Does something to a disk; its domain is read again afterwards.
 * @throws OperationError `no-disk`, GoneError, or what the action throws
 */
export function changeDisk<T>(
  { domain, disk }: DiskTarget,
  options: OperationOptions,
  action: (call: DiskCall) => Promise<T>,
): Promise<T> {
  return changeDomain(domain, options, async (call) => {
    const found = (await readNow(domain, call, options)).find(({ target }) => target === disk);
    if (found === undefined) throw new OperationError('no-disk', t('It has no disk {0} any more', disk));
    return action({ ...call, disk: found, active: isActive(recordOf(domain).state) });
  });
}

async function readNow(
  domain: DomainTarget,
  { connection, ref }: DomainCall,
  options: OperationOptions,
): Promise<readonly Disk[]> {
  const flags = isActive(recordOf(domain).state) ? 0 : DomainXml.INACTIVE;
  return readDisks(await connection.domains.xml(ref, flags, options));
}
