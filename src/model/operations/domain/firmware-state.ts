import { child, children, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';

/** The UEFI settings of a domain. */
export interface NvramState {
  /** Where they are; undefined where libvirt chooses the place. */
  readonly place: string | undefined;
  /** libvirt deletes nothing but a file. */
  readonly canDelete: boolean;
}

/** The state of an emulated TPM: the keys that a guest may have sealed its disks with. */
export interface TpmState {
  /**
   * What becomes of it with the definition: what is chosen, or what this libvirt does in any case. Of a domain that
   * runs it goes when that stops.
   */
  readonly fate: 'chosen' | 'kept' | 'deleted';
}

/** What kind of TPM states a libvirt handles how. */
interface TpmRules {
  /** The daemon's version, such as 9.0.0. */
  readonly libVersion: string;
  readonly isRunning: boolean;
}

/** Undefined for a domain without UEFI settings of its own. */
export function nvramIn(domain: XmlObject): NvramState | undefined {
  const os = child(domain, 'os');
  const [nvram] = children(os, 'nvram');
  const isStateless = text(child(os, 'loader'), '@stateless') === 'yes';
  if (nvram === undefined)
    return text(os, '@firmware') === 'efi' && !isStateless
      ? { place: undefined, canDelete: true }
      : undefined;
  const source = child(nvram, 'source');
  const file = text(nvram, '#text')?.trim() ?? text(source, '@file');
  const elsewhere = text(source, '@dev') ?? text(source, '@name');
  return { place: file ?? elsewhere, canDelete: elsewhere === undefined };
}

/** Undefined for a domain without a TPM whose state libvirt keeps. */
export function tpmIn(domain: XmlObject, { libVersion, isRunning }: TpmRules): TpmState | undefined {
  const backend = children(child(domain, 'devices'), 'tpm')
    .map((tpm) => child(tpm, 'backend'))
    .find((each) => text(each, '@type') === 'emulator');
  if (backend === undefined) return undefined;
  const isPersistent = text(backend, '@persistent_state') === 'yes';
  // What a running one was undefined with is forgotten until it stops.
  if (isRunning) return { fate: isPersistent ? 'kept' : 'deleted' };
  if (hasTpmFlags(libVersion)) return { fate: 'chosen' };
  if (isPersistent) return { fate: 'kept' };
  return { fate: mustMakeTpmPersistent(libVersion) ? 'chosen' : 'deleted' };
}

/** `VIR_DOMAIN_UNDEFINE_TPM` and `VIR_DOMAIN_UNDEFINE_KEEP_TPM`. */
export function hasTpmFlags(libVersion: string): boolean {
  return isAtLeast(libVersion, 8, 9);
}

/** `VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA`. */
export function hasCheckpoints(libVersion: string): boolean {
  return isAtLeast(libVersion, 5, 6);
}

/** Whether only an attribute of the definition keeps a TPM's state: there is no flag yet. */
export function mustMakeTpmPersistent(libVersion: string): boolean {
  return isAtLeast(libVersion, 7, 0) && !hasTpmFlags(libVersion);
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [first = 0, second = 0] = version.split('.').map(Number);
  return first > major || (first === major && second >= minor);
}
