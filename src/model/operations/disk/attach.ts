import { setTimeout as delay } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { ChangeDevice } from '../../../client/libvirt/domain/devices.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import { type DiskPlan, diskXml } from '../../storage/disk-xml.ts';
import { changeDomain, type DomainCall } from '../domain/on-domain.ts';
import { OperationError } from '../error.ts';
import type { OperationOptions } from '../operation.ts';
import { affect, type When } from './affect.ts';
import { changeDisk, type DiskTarget } from './on-disk.ts';

export interface AttachDiskChoices {
  readonly plan: DiskPlan;
  readonly when: When;
}

/** `virDomainAttachDeviceFlags`. @throws GoneError, RemoteError */
export function attachDisk(
  domain: DomainTarget,
  { plan, when }: AttachDiskChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDomain(domain, options, ({ connection, ref }) =>
    connection.domainDevices.attach(ref, diskXml(plan), affect(domain, when), options),
  );
}

/** A guest that lets go does so within seconds. */
const PATIENCE_MS = 20_000;

export interface DetachDiskChoices {
  readonly when: When;
  /** How long a guest may take to let go, in ms. */
  readonly patienceMs?: number;
}

/**
 * `virDomainDetachDeviceFlags`: takes a disk from a domain; its data stay. A guest that runs is asked, and waited for.
 * @throws OperationError `guest-refused` when it does not let go; the disk stays then. GoneError, RemoteError
 */
export function detachDisk(
  target: DiskTarget,
  { when, patienceMs = PATIENCE_MS }: DetachDiskChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDisk(target, options, async (call) => {
    const flags = affect(target.domain, when);
    const { bus = 'virtio', device } = call.disk;
    // libvirt finds the disk by its target.
    const xml = diskXml({ target: target.disk, device, bus, source: undefined, format: 'raw' });
    const detach = (flag: number) => call.connection.domainDevices.detach(call.ref, xml, flag, options);
    // The definition last: it must not lose a disk that the guest does not give away.
    if ((flags & ChangeDevice.LIVE) !== 0)
      await letGo(call, call.disk.alias, patienceMs, options, () => detach(ChangeDevice.LIVE));
    if ((flags & ChangeDevice.CONFIG) !== 0) await detach(ChangeDevice.CONFIG);
  });
}

/** Asks a guest for a device and waits for its answer, which comes as an event. */
async function letGo(
  { connection, ref }: DomainCall,
  alias: string | undefined,
  patienceMs: number,
  { signal }: OperationOptions,
  ask: () => Promise<void>,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<'removed' | 'refused'>();
  const over = new AbortController();
  const ends = await Promise.all([
    connection.domainEvents.on('deviceRemoved', (event) => event.alias === alias && resolve('removed'), ref),
    connection.domainEvents.on(
      'deviceRemovalFailed',
      (event) => event.alias === alias && resolve('refused'),
      ref,
    ),
  ]);
  try {
    await ask();
    const waiting = AbortSignal.any([over.signal, ...(signal === undefined ? [] : [signal])]);
    const answer = await Promise.race([promise, delay(patienceMs, 'silent' as const, { signal: waiting })]);
    if (answer === 'removed') return;
    throw new OperationError(
      'guest-refused',
      answer === 'refused' ? t('The guest does not let go of it') : t('The guest has not let go of it yet'),
      t('It may be in use inside the guest: unmount it there, then try again.'),
    );
  } finally {
    over.abort();
    await Promise.all(ends.map((end) => end()));
  }
}
