import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { GuestArch, GuestType } from '../../guest/guest-spec.ts';
import type { Connection } from '../../libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../libvirt/error.ts';
import { child, children, parseXml, text, type XmlObject } from '../../libvirt/xml-object.ts';
import { isSessionUri } from '../../transport/uri.ts';

/** What one machine type of QEMU's can do on a host. */
export interface MachineFacts {
  readonly virtiofs: boolean;
  /** Whether firmware is there that libvirt can choose. */
  readonly uefi: boolean;
  readonly secureBoot: boolean;
  readonly tpm: boolean;
}

/** A host as guests of a file see it. What is asked is kept as long as the connection. */
export class EnvironmentHost {
  /** How people call it. */
  readonly name: string;
  readonly connection: Connection;
  readonly #types = new Map<GuestArch, Promise<ReadonlySet<GuestType>>>();
  readonly #machines = new Map<string, Promise<MachineFacts>>();
  readonly #owners = new Map<string, Promise<string | undefined>>();

  constructor(name: string, connection: Connection) {
    this.name = name;
    this.connection = connection;
  }

  /** Whether its files are this machine's. */
  get isLocal(): boolean {
    const { transport, host } = this.connection.uri;
    return transport === 'unix' || (transport === undefined && (host === undefined || host === ''));
  }

  get isSession(): boolean {
    return isSessionUri(this.connection.uri);
  }

  /** How guests of that architecture can run here: nothing, where its emulator is not installed. */
  guestTypes(arch: GuestArch): Promise<ReadonlySet<GuestType>> {
    return remember(this.#types, arch, async () => {
      const capabilities = child(parseXml(await this.connection.capabilities()), 'capabilities');
      const found = new Set<GuestType>();
      for (const guest of children(capabilities, 'guest')) {
        const section = child(guest, 'arch');
        if (text(section, '@name') !== arch) continue;
        for (const domain of children(section, 'domain')) {
          const type = text(domain, '@type');
          if (type === 'kvm' || type === 'qemu') found.add(type);
        }
      }
      return found;
    });
  }

  /** What libvirt says of a machine. */
  machine(arch: GuestArch, virtType: GuestType, machine: string): Promise<MachineFacts> {
    return remember(this.#machines, `${arch} ${virtType} ${machine}`, async () => {
      const xml = await this.connection.host.domainCapabilities({ arch, virtType, machine });
      const capabilities = child(parseXml(xml), 'domainCapabilities');
      const os = child(capabilities, 'os');
      const devices = child(capabilities, 'devices');
      return {
        virtiofs: values(child(devices, 'filesystem'), 'driverType').includes('virtiofs'),
        uefi: values(os, 'firmware').includes('efi'),
        secureBoot: values(child(os, 'loader'), 'secure').includes('yes'),
        tpm: values(child(devices, 'tpm'), 'backendModel').includes('emulator'),
      };
    });
  }

  /** Whose domain it is, which does not change as long as there is one of that UUID. */
  ownerOf(uuid: string, ask: () => Promise<string | undefined>): Promise<string | undefined> {
    return remember(this.#owners, uuid, ask);
  }

  /** Whether the host has a network of that name, and whether it is on. */
  async network(name: string): Promise<'active' | 'inactive' | undefined> {
    const { networks } = this.connection;
    try {
      return (await networks.isActive(await networks.lookupByName(name))) ? 'active' : 'inactive';
    } catch (error) {
      if (isLibvirtError(error, ErrorCode.NO_NETWORK, ErrorCode.NO_SUPPORT)) return undefined;
      throw error;
    }
  }

  /**
   * Whether QEMU there can read a file of this machine where it is. The system daemon runs it as a user of its own,
   * who has to get through every folder on the way; the file itself libvirt can give to it.
   */
  async canRead(path: string): Promise<boolean> {
    if (!this.isLocal) return false;
    if (this.isSession) return isReadable(path);
    return (await closedFolder(path)) === undefined;
  }
}

/** The first folder on the way to a file that others may not go through; undefined when they may. */
export async function closedFolder(path: string): Promise<string | undefined> {
  const folders: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === dirname(folder)) break;
  }
  for (const folder of folders) if (((await stat(folder)).mode & constants.S_IXOTH) === 0) return folder;
  return undefined;
}

function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

/** The values of one of libvirt's `<enum>`s. */
function values(element: XmlObject, name: string): readonly (string | undefined)[] {
  return children(element, 'enum')
    .filter((each) => text(each, '@name') === name)
    .flatMap((each) => children(each, 'value'))
    .map((value) => text(value, '#text'));
}

/** One question at a time for each key; one that failed is asked again. */
function remember<K, V>(map: Map<K, Promise<V>>, key: K, ask: () => Promise<V>): Promise<V> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const asked = ask();
  map.set(key, asked);
  asked.catch(() => map.delete(key));
  return asked;
}
