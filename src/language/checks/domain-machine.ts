import { attributeOf, childElement, textOf, type XmlAttribute, type XmlElement } from '../xml/tree.ts';
import type { GuestCapabilities, HostOffer, MachineQuery } from './host-offer.ts';

/** What a domain says it runs on. */
export interface DomainMachine {
  readonly virtType: string | undefined;
  readonly arch: string | undefined;
  readonly machine: XmlAttribute | undefined;
  /** The host's entry for the architecture: the one that is named, or else the first. */
  readonly guest: GuestCapabilities | undefined;
  /** How libvirt is asked for the domain capabilities. */
  readonly query: MachineQuery;
}

export function machineOf(root: XmlElement, { guests }: Pick<HostOffer, 'guests'>): DomainMachine {
  const os = childElement(root, 'os');
  const type = os && childElement(os, 'type');
  const devices = childElement(root, 'devices');
  const emulator = devices && childElement(devices, 'emulator');
  const arch = type && attributeOf(type, 'arch')?.value;
  const machine = type && attributeOf(type, 'machine');
  const virtType = attributeOf(root, 'type')?.value;
  const guest = guests.find((each) => arch === undefined || each.arch === arch);
  const path = emulator && textOf(emulator).trim();
  return {
    virtType,
    arch,
    machine,
    guest,
    query: {
      ...(path === undefined || path === '' ? {} : { emulator: path }),
      ...(arch === undefined ? {} : { arch }),
      ...(machine === undefined ? {} : { machine: machine.value }),
      ...(virtType === undefined ? {} : { virtType }),
    },
  };
}
