import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { LOOPBACK, passtPorts } from '../deploy/passt-ports.ts';
import { type UserPort, UserPorts } from '../deploy/user-ports.ts';
import type { EnvironmentHost } from '../deploy/environment-host.ts';
import type { DeclaredGuest, DeclaredPort } from '../file/model.ts';
import { findAddress, userNetworkOf } from './find-address.ts';
import type { KnownFrom } from './known-from.ts';

const EVERYWHERE = '0.0.0.0';

/** Where a port of a guest is reached. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly from: KnownFrom;
}

/** How the ports of a running guest are reached from its host. */
export interface Way {
  /** Where a TCP port of the guest is; undefined while nothing leads there. */
  find(port: number): Promise<Endpoint | undefined>;
  /** Opens the ports that the file declares; missing when this window has to listen itself. */
  readonly listener?: { open(guest: DeclaredGuest): Promise<void> };
}

export async function wayTo({
  guest,
  host: { connection },
  ref,
}: {
  readonly guest: DeclaredGuest;
  readonly host: EnvironmentHost;
  readonly ref: DomainRef;
}): Promise<Way> {
  const kinds = guest.networks?.map(({ to }) => to.kind);
  const xml =
    // The default depends on the host.
    kinds === undefined || kinds.includes('user') || kinds.includes('passt')
      ? await connection.domains.xml(ref)
      : undefined;
  if (xml === undefined) return byAddress(connection, ref);
  const network = userNetworkOf(xml);
  if (network !== undefined) return byUserNetwork(new UserPorts(connection, ref, network));
  const byOwn = byAddress(connection, ref);
  if (kinds?.includes('passt') !== true) return byOwn;
  // Behind passt a guest has the host's own address.
  return byPasst(passtPorts(xml), kinds.some((kind) => kind !== 'passt') ? byOwn : undefined);
}

function byAddress(connection: Connection, ref: DomainRef): Way {
  return {
    async find(port) {
      const found = await findAddress(connection, ref);
      return found === undefined ? undefined : { ...found, port };
    },
  };
}

/** QEMU opens ports on request while the guest runs. */
function byUserNetwork(ports: UserPorts): Way {
  const opened = async (port: number) => onlyTcp(await ports.list(), port);
  return {
    async find(port) {
      if ((await opened(port)) === undefined)
        await ports.add({ protocol: 'tcp', address: LOOPBACK, host: 0, guest: port });
      const found = await opened(port);
      return found === undefined ? undefined : { address: LOOPBACK, port: found.host, from: 'user' };
    },
    listener: { open: (guest) => openUserPorts(ports, guest) },
  };
}

/** passt opens the ports of the domain when it starts, and no others later. */
function byPasst(ports: readonly UserPort[], otherwise: Way | undefined): Way {
  return {
    async find(port) {
      const found = onlyTcp(ports, port);
      if (found === undefined) return otherwise?.find(port);
      const address = found.address === EVERYWHERE ? LOOPBACK : found.address;
      return { address, port: found.host, from: 'passt' };
    },
    listener: { open: async () => undefined },
  };
}

function onlyTcp(ports: readonly UserPort[], guest: number): UserPort | undefined {
  return ports.find((each) => each.guest === guest && each.protocol === 'tcp');
}

async function openUserPorts(user: UserPorts, guest: DeclaredGuest): Promise<void> {
  const open = await user.list();
  const missing = guest.ports.filter((port) => !open.some((each) => samePort(each, port)));
  await tryEach(missing, (port) => user.add(port));
  // The forward to SSH was opened for this window and is not in the file: it stays.
  for (const each of open)
    if (!guest.ports.some((port) => samePort(each, port)) && each.guest !== guest.ssh?.port)
      await user.remove(each);
}

/** Does it for each, also when it cannot be done for some. @throws what was thrown first */
export async function tryEach<T>(items: Iterable<T>, act: (item: T) => Promise<unknown>): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) await act(item).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

function samePort(a: DeclaredPort, b: DeclaredPort): boolean {
  return a.host === b.host && a.guest === b.guest && a.protocol === b.protocol && a.address === b.address;
}
