import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { GuestArch, GuestType } from '../../../model/guest/guest-spec.ts';
import { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { Host } from '../../../model/inventory/host.ts';
import { isSessionDaemon, isThisMachine } from '../../../model/inventory/place.ts';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import { child, children, parseXml, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';

/** What one machine type of QEMU's can do on a host. */
export interface MachineFacts {
  readonly virtiofs: boolean;
  /** Whether firmware is there that libvirt can choose. */
  readonly uefi: boolean;
  readonly secureBoot: boolean;
  readonly tpm: boolean;
  readonly passt: boolean;
}

/** A host as guests of a file see it. What is asked is kept as long as the connection. */
export class EnvironmentHost {
  /** The host itself, which operations work on. */
  readonly host: Host;
  readonly connection: Connection;
  readonly #uid: number | undefined;
  readonly #types = new Map<GuestArch, Promise<ReadonlySet<GuestType>>>();
  readonly #machines = new Map<string, Promise<MachineFacts>>();
  readonly #owners = new Map<string, Promise<string | undefined>>();

  /** @param uid whose files of this machine are spared */
  constructor(host: Host, connection: Connection, uid = process.getuid?.()) {
    this.host = host;
    this.connection = connection;
    this.#uid = uid;
  }

  /** How people call it. */
  get name(): string {
    return this.host.name;
  }

  /** Whether its files are this machine's. */
  get isLocal(): boolean {
    return isThisMachine(this.connection.uri);
  }

  get isSession(): boolean {
    return isSessionDaemon(this.connection.uri);
  }

  /** One of its domains, for operations. */
  target({ uuid }: Pick<DomainRef, 'uuid'>): DomainTarget {
    return new DomainTarget(this.host, uuid);
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
      // A user's own daemon opens it with that user's rights, and remembers for long what it once could.
      if (found.has('kvm') && this.isSession && this.isLocal && (await isClosed(KVM))) found.delete('kvm');
      return found;
    });
  }

  /** What libvirt says of a machine. */
  machine(arch: GuestArch, virtType: GuestType, machine: string): Promise<MachineFacts> {
    return remember(this.#machines, `${arch} ${virtType} ${machine}`, async () => {
      const xml = await this.connection.host.domainCapabilities({ arch, virtType, machine });
      // Before libvirt 10 a user's own daemon says that it has virtiofs, and then refuses it.
      const mayShare = !this.isSession || Number.parseInt(await this.connection.libVersion(), 10) >= 10;
      const capabilities = child(parseXml(xml), 'domainCapabilities');
      const os = child(capabilities, 'os');
      const devices = child(capabilities, 'devices');
      return {
        virtiofs: values(child(devices, 'filesystem'), 'driverType').includes('virtiofs') && mayShare,
        uefi: values(os, 'firmware').includes('efi'),
        secureBoot: values(child(os, 'loader'), 'secure').includes('yes'),
        tpm: values(child(devices, 'tpm'), 'backendModel').includes('emulator'),
        passt: values(child(devices, 'interface'), 'backendType').includes('passt'),
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
    return (await closedFolders(path)).length === 0;
  }

  /**
   * The same of a kernel, or what else is built again and again: the system daemon gives what QEMU reads to QEMU's
   * user, and whoever owns it and is not root could not write it at the next build.
   */
  async canReadBuilt(path: string): Promise<boolean> {
    if (!(await this.canRead(path))) return false;
    return this.isSession || this.#uid === 0 || (await stat(path)).uid !== this.#uid;
  }
}

/** The device of the processor's own virtualization. */
export const KVM = '/dev/kvm';

/** Whether it is there, and not for us. */
export async function isClosed(device: string): Promise<boolean> {
  try {
    await access(device, constants.R_OK | constants.W_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}

/** The folders on the way to a file that QEMU's user may not go through. */
export async function closedFolders(path: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const isOpen = ((await stat(folder)).mode & constants.S_IXOTH) !== 0;
    if (!isOpen && !(await lets(folder))) folders.unshift(folder);
    if (folder === dirname(folder)) return folders;
  }
}

/** What libvirt's QEMU runs as: Debian's word for it, and others'. */
export const QEMU_USERS = ['libvirt-qemu', 'qemu'] as const;

/** Whether an access list lets that user in who is none of the others. */
async function lets(folder: string): Promise<boolean> {
  const { execa } = await import('execa');
  const args = ['--absolute-names', '--omit-header', '--', folder];
  const { stdout, failed } = await execa('getfacl', args, { reject: false, stdin: 'ignore' });
  // Where there is no such program, nobody has made such a list.
  if (failed) return false;
  return QEMU_USERS.some((user) => new RegExp(`^user:${user}:..x(?!.*#effective:..-)`, 'mu').test(stdout));
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
