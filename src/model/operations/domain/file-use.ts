import type { Connection } from '../../../client/libvirt/connect.ts';
import { type DomainRef, DomainXml } from '../../../client/libvirt/domain/domain.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import { parseXml } from '../../../client/libvirt/xml-object.ts';
import type { OperationOptions } from '../operation.ts';
import { HostVolumes } from '../volume/host-volumes.ts';

/** How many domains are asked at a time. */
const AT_ONCE = 32;

/** Which domains of a host use which files, and what starts from what: nobody loses a disk to another's removal. */
export class FileUse {
  readonly volumes: HostVolumes;
  readonly #users = new Map<string, Set<string>>();

  private constructor(volumes: HostVolumes) {
    this.volumes = volumes;
  }

  /**
   * Reads the definitions of all domains, and how those that run do so, but for the ones that are leaving.
   * @throws RemoteError when libvirt refuses to say
   */
  static async read(
    connection: Connection,
    leaving: ReadonlySet<string>,
    options: OperationOptions = {},
  ): Promise<FileUse> {
    const use = new FileUse(await HostVolumes.read(connection, options));
    const others = (await connection.domains.list(0, options)).filter(({ uuid }) => !leaving.has(uuid));
    for (let at = 0; at < others.length; at += AT_ONCE)
      await Promise.all(
        others.slice(at, at + AT_ONCE).map(async (ref) => use.#add(connection, ref, options)),
      );
    return use;
  }

  /** The other domains that name a path. */
  usersOf(path: string): readonly string[] {
    return [...(this.#users.get(path) ?? [])];
  }

  async #add({ domains }: Connection, ref: DomainRef, options: OperationOptions): Promise<void> {
    const flags = ref.id === -1 ? [DomainXml.INACTIVE] : [DomainXml.INACTIVE, 0];
    try {
      for (const xml of await Promise.all(flags.map(async (each) => domains.xml(ref, each, options))))
        for (const path of pathsIn(parseXml(xml), this.volumes)) {
          const users = this.#users.get(path) ?? new Set();
          this.#users.set(path, users.add(ref.name));
        }
    } catch (error) {
      // It went away meanwhile.
      if (!isLibvirtError(error, ErrorCode.NO_DOMAIN)) throw error;
    }
  }
}

/** Every path that stands anywhere in a domain, whatever it is for there, and those of volumes that it names. */
function pathsIn(value: unknown, volumes: HostVolumes): readonly string[] {
  if (typeof value === 'string') return value.startsWith('/') ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  const { '@pool': pool, '@volume': volume } = value as Readonly<Record<string, unknown>>;
  const named =
    typeof pool === 'string' && typeof volume === 'string' ? volumes.findIn(pool, volume)?.path : undefined;
  const below = Object.values(value).flatMap((each) => pathsIn(each, volumes));
  return named === undefined ? below : [named, ...below];
}
