import { t } from '@vscode/l10n';
import { DomainXml, UndefineDomain } from '../../../client/libvirt/domain/domain.ts';
import { child, parseXml } from '../../../client/libvirt/xml-object.ts';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import { applyEdits, setAttribute } from '../../../language/xml/edit.ts';
import { parseDocument } from '../../../language/xml/parse.ts';
import { attributeOf, childElement, childElements } from '../../../language/xml/tree.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import { OperationError } from '../error.ts';
import type { OperationOptions } from '../operation.ts';
import { deleteFile } from '../volume/delete-file.ts';
import type { HostVolume } from '../volume/host-volumes.ts';
import { hasCheckpoints, hasTpmFlags, mustMakeTpmPersistent, nvramIn } from './firmware-state.ts';
import { changeDomain, type DomainCall } from './on-domain.ts';
import { noteUndefine } from './undefine-note.ts';

/** What goes together with the definition. libvirt refuses to leave a saved state, snapshots or checkpoints behind. */
export interface UndefineChoices {
  readonly managedSave: boolean;
  /** What libvirt knows of its snapshots; the data inside the disks stays. */
  readonly snapshots: boolean;
  /** What libvirt knows of its checkpoints; the bitmaps inside the disks stay. */
  readonly checkpoints: boolean;
  readonly nvram: boolean;
  /** The state of an emulated TPM, wherever libvirt leaves the choice. */
  readonly tpm: boolean;
  /** Deleted with all that is on them, what starts from another before that. */
  readonly files: readonly HostVolume[];
}

/**
 * `virDomainUndefineFlags`: one that runs goes on as a transient domain. The definition goes last, since it names the
 * rest: wherever this ends, it can be done again, and a note in it says what was chosen.
 * @throws GoneError, RemoteError, OperationError when the files are in use or libvirt would keep the definition; then
 * nothing is deleted
 */
export function undefineDomain(
  target: DomainTarget,
  choices: UndefineChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDomain(target, options, async (call) => {
    const { connection, ref } = call;
    const libVersion = await connection.libVersion(options);
    const nvram = choices.nvram && (await hasNvramFile(call, options));
    if (choices.files.length > 0) await deleteFiles(call, choices, options);
    options.signal?.throwIfAborted();
    if (!choices.tpm && mustMakeTpmPersistent(libVersion)) await makeTpmPersistent(call, options);
    await connection.domains.undefine(ref, flagsFor({ ...choices, nvram }, libVersion), options);
  });
}

/** libvirt would remove a device from the host as it removes a file. */
async function hasNvramFile({ connection, ref }: DomainCall, options: OperationOptions): Promise<boolean> {
  const xml = await connection.domains.xml(ref, DomainXml.INACTIVE, options);
  return nvramIn(child(parseXml(xml), 'domain'))?.canDelete === true;
}

/** Older libvirts refuse flags that they do not know. */
function flagsFor(
  { managedSave, snapshots, checkpoints, nvram, tpm }: UndefineChoices,
  libVersion: string,
): number {
  return (
    (managedSave ? UndefineDomain.MANAGED_SAVE : 0) |
    (snapshots ? UndefineDomain.SNAPSHOTS_METADATA : 0) |
    (checkpoints && hasCheckpoints(libVersion) ? UndefineDomain.CHECKPOINTS_METADATA : 0) |
    (nvram ? UndefineDomain.NVRAM : UndefineDomain.KEEP_NVRAM) |
    (hasTpmFlags(libVersion) ? (tpm ? UndefineDomain.TPM : UndefineDomain.KEEP_TPM) : 0)
  );
}

async function deleteFiles(
  call: DomainCall,
  choices: UndefineChoices,
  options: OperationOptions,
): Promise<void> {
  await checkRemovable(call, choices, options);
  const { nvram, tpm, files } = choices;
  await noteUndefine(call, { nvram, tpm, paths: files.map(({ path }) => path) }, options);
  for (const file of overlaysFirst(files)) {
    options.signal?.throwIfAborted();
    await deleteFile(call.connection, file, options);
  }
}

/** Nothing is deleted of a domain that stays. */
async function checkRemovable(
  { connection, ref }: DomainCall,
  { managedSave, snapshots, checkpoints }: UndefineChoices,
  options: OperationOptions,
): Promise<void> {
  const { state } = await connection.domains.state(ref, options);
  if (isActive(state))
    throw new OperationError(
      'in-use',
      t('It was started meanwhile, and its disks are in use'),
      t('Nothing was deleted. Shut it off first, or keep its disks.'),
    );
  const isHeld =
    (!managedSave && (await connection.domains.hasManagedSave(ref, options).catch(() => false))) ||
    (!snapshots && (await hasAny(connection.snapshots.list(ref, undefined, options)))) ||
    (!checkpoints && (await hasAny(connection.checkpoints.list(ref, undefined, options))));
  if (isHeld)
    throw new OperationError(
      'in-use',
      t('libvirt keeps its definition as long as it has a saved state, snapshots or checkpoints'),
      t('Nothing was deleted. Tick them as well.'),
    );
}

/** A driver that cannot say has none. */
async function hasAny(list: Promise<readonly unknown[]>): Promise<boolean> {
  return list.then(
    ({ length }) => length > 0,
    () => false,
  );
}

function overlaysFirst(files: readonly HostVolume[]): readonly HostVolume[] {
  const seen = new Set<HostVolume>();
  const sorted: HostVolume[] = [];
  const take = (file: HostVolume) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const overlay of files) if (overlay.backing === file.path) take(overlay);
    sorted.push(file);
  };
  files.forEach(take);
  return sorted;
}

/** Without a flag for it, libvirt keeps the state of a TPM that the definition calls persistent. */
async function makeTpmPersistent({ connection, ref }: DomainCall, options: OperationOptions): Promise<void> {
  const xml = await connection.domains.xml(ref, DomainXml.INACTIVE | DomainXml.SECURE, options);
  const { root } = parseDocument(xml);
  const devices = root && childElement(root, 'devices');
  const backends = (devices === undefined ? [] : childElements(devices)).flatMap((device) => {
    const backend = device.name === 'tpm' ? childElement(device, 'backend') : undefined;
    const isEmulated = backend !== undefined && attributeOf(backend, 'type')?.value === 'emulator';
    return isEmulated ? [backend] : [];
  });
  if (backends.length === 0) return;
  const edits = backends.map((backend) => setAttribute(backend, 'persistent_state', 'yes'));
  await connection.domains.defineXml(applyEdits(xml, edits), 0, options);
}
