import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { GuestArch, GuestType } from '../../../model/guest/guest-spec.ts';
import { domainCapabilities } from '../../../model/inventory/facts/domain-capabilities.ts';
import { guestCapabilities } from '../../../model/inventory/facts/capabilities.ts';
import { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { Host } from '../../../model/inventory/host.ts';
import { isSessionDaemon, isThisMachine } from '../../../model/inventory/place.ts';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';

/** What one machine type of QEMU's can do on a host. */
export interface MachineFacts {
  readonly virtiofs: boolean;
  /** Whether firmware is there that libvirt can choose. */
  readonly uefi: boolean;
  readonly secureBoot: boolean;
  readonly tpm: boolean;
  readonly passt: boolean;
}

/** More than libvirt lists at once. */
const OWNERS_MAX = 20_000;

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
  target({ uuid, name }: Pick<DomainRef, 'name' | 'uuid'>): DomainTarget {
    return new DomainTarget(this.host, uuid, name);
  }

  /** How guests of an architecture can run here; empty where its emulator is not installed. */
  guestTypes(arch: GuestArch): Promise<ReadonlySet<GuestType>> {
    return remember(this.#types, arch, async () => {
      const guests = (await guestCapabilities(this.connection)).filter((each) => each.arch === arch);
      const types = guests.flatMap(({ domainTypes }) => domainTypes);
      const found = new Set(types.filter((type) => type === 'kvm' || type === 'qemu'));
      // A session daemon opens it with its user's rights, and its answer may be older than a change of them.
      if (found.has('kvm') && this.isSession && this.isLocal && (await isClosed(KVM))) found.delete('kvm');
      return found;
    });
  }

  /** What a machine type of QEMU can do on the host. */
  machine(arch: GuestArch, virtType: GuestType, machine: string): Promise<MachineFacts> {
    return remember(this.#machines, `${arch} ${virtType} ${machine}`, async () => {
      const { enums, firmware } = await domainCapabilities(this.connection, { arch, virtType, machine });
      const has = (key: string, value: string) => enums.get(key)?.includes(value) === true;
      // Before libvirt 10 a user's own daemon says that it has virtiofs, and then refuses it.
      const mayShare = !this.isSession || Number.parseInt(await this.connection.libVersion(), 10) >= 10;
      return {
        virtiofs: has('filesystem/driverType', 'virtiofs') && mayShare,
        uefi: firmware.includes('efi'),
        secureBoot: has('loader/secure', 'yes'),
        tpm: has('tpm/backendModel', 'emulator'),
        passt: has('interface/backendType', 'passt'),
      };
    });
  }

  /** The owner of a domain, which does not change while its UUID exists. */
  ownerOf(uuid: string, ask: () => Promise<string | undefined>): Promise<string | undefined> {
    // A host may tell of others each time.
    if (this.#owners.size > OWNERS_MAX) this.#owners.clear();
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
   * Whether QEMU can read a file of this machine in its place. The system daemon runs QEMU as a user of its own, who
   * must be able to enter every folder on the way; access to the file itself is given by libvirt.
   */
  async canRead(path: string): Promise<boolean> {
    if (!this.isLocal) return false;
    if (this.isSession) return isReadable(path);
    return (await closedFolders(path)).length === 0;
  }

  /**
   * The same for a kernel or another file that is built again and again: the system daemon makes QEMU's user its owner,
   * so that its builder, unless root, could not write it at the next build.
   */
  async canReadBuilt(path: string): Promise<boolean> {
    if (!(await this.canRead(path))) return false;
    return this.isSession || this.#uid === 0 || (await stat(path)).uid !== this.#uid;
  }
}

/** The device of the processor's own virtualization. */
export const KVM = '/dev/kvm';

/** Whether the device exists but our user may not open it. */
export async function isClosed(device: string): Promise<boolean> {
  try {
    await access(device, constants.R_OK | constants.W_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}

/** The folders on the way to a file that QEMU's user may not enter. */
export async function closedFolders(path: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const isOpen = ((await stat(folder)).mode & constants.S_IXOTH) !== 0;
    if (!isOpen && !(await lets(folder))) folders.unshift(folder);
    if (folder === dirname(folder)) return folders;
  }
}

/** The user that libvirt's system daemon runs QEMU as: on Debian, and elsewhere. */
export const QEMU_USERS = ['libvirt-qemu', 'qemu'] as const;

/** Whether the access list of a folder lets QEMU's user enter it. */
async function lets(folder: string): Promise<boolean> {
  const { execa } = await import('execa');
  const args = ['--absolute-names', '--omit-header', '--', folder];
  const { stdout, failed } = await execa('getfacl', args, { reject: false, stdin: 'ignore' });
  // Without the program, there is no access list either.
  if (failed) return false;
  return QEMU_USERS.some((user) => new RegExp(`^user:${user}:..x(?!.*#effective:..-)`, 'mu').test(stdout));
}

function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

/** Asks once for each key and keeps the answer; a question that failed is asked again. */
function remember<K, V>(map: Map<K, Promise<V>>, key: K, ask: () => Promise<V>): Promise<V> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const asked = ask();
  map.set(key, asked);
  asked.catch(() => map.delete(key));
  return asked;
}
