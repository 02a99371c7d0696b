import { child, children, parseXml, text, type XmlObject } from '../../client/libvirt/xml-object.ts';

/** What a debugger has to know of a domain, out of its XML. */
export interface GuestFacts {
  /** `kvm`, `qemu` or what else libvirt says. */
  readonly type: string;
  readonly arch: string;
  readonly machine: string;
  readonly vcpus: number;
  /** Of the host; undefined where it boots from a disk. */
  readonly kernel: string | undefined;
  readonly cmdline: string | undefined;
  readonly hasSerial: boolean;
}

export function guestFacts(xml: string): GuestFacts {
  const domain = child(parseXml(xml), 'domain');
  const os = child(domain, 'os');
  const type = child(os, 'type');
  return {
    type: text(domain, '@type') ?? 'unknown',
    arch: text(type, '@arch') ?? 'unknown',
    machine: text(type, '@machine') ?? 'unknown',
    vcpus: Number(text(domain, 'vcpu') ?? 1),
    kernel: text(os, 'kernel'),
    cmdline: text(os, 'cmdline'),
    hasSerial: hasDevice(domain, 'serial') || hasDevice(domain, 'console'),
  };
}

function hasDevice(domain: XmlObject, name: string): boolean {
  return children(child(domain, 'devices'), name).length > 0;
}
