import { valueBelow } from '../xml/find.ts';
import { childElement, childElements, type XmlElement } from '../xml/tree.ts';

/** Other drivers have rules of their own. */
const QEMU: ReadonlySet<string> = new Set(['qemu', 'kvm', 'hvf']);

/** A domain as the checks look at it. */
export interface DomainView {
  /** The whole document's, for fixes. */
  readonly text: string;
  readonly root: XmlElement;
  readonly devices: readonly XmlElement[];
  readonly isQemu: boolean;
  /** Undefined when libvirt takes the host's own. */
  readonly arch: string | undefined;
  /** Empty when libvirt chooses one. */
  readonly machine: string;
  /** `q35` and `pc` stand for all versions of the two PCs, `arm` for what has no PC hardware at all. */
  readonly family: 'q35' | 'pc' | 'arm' | undefined;
}

export function viewOf(text: string, root: XmlElement): DomainView {
  const devices = childElement(root, 'devices');
  const arch = valueBelow(root, 'os/type@arch');
  const machine = valueBelow(root, 'os/type@machine') ?? '';
  return {
    text,
    root,
    devices: devices === undefined ? [] : childElements(devices),
    isQemu: QEMU.has(valueBelow(root, 'type') ?? ''),
    arch,
    machine,
    family: familyOf(arch, machine),
  };
}

/** A device that is a document of its own: nobody knows which machine it will be in. */
export function viewOfDevice(text: string, device: XmlElement): DomainView {
  return {
    text,
    root: device,
    devices: [device],
    isQemu: true,
    arch: undefined,
    machine: '',
    family: undefined,
  };
}

function familyOf(arch: string | undefined, machine: string): DomainView['family'] {
  if (arch === 'aarch64' || arch === 'armv7l') return 'arm';
  if (/^(?:pc-)?q35(?:-|$)/.test(machine)) return 'q35';
  return /^pc(?:-|$)/.test(machine) ? 'pc' : undefined;
}
