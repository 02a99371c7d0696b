import type { Connection } from '../../libvirt/connect.ts';
import type { DomainRef } from '../../libvirt/domain.ts';
import type { DeclaredGuest, DeclaredPort } from '../file/model.ts';
import type { EnvironmentHost } from '../deploy/environment-host.ts';
import type { Dial, Forwards } from '../deploy/forwards.ts';
import { UserPorts } from '../deploy/user-ports.ts';
import { findAddress, type FoundAddress, userNetworkOf } from './find-address.ts';

/** A running guest, and the ways to it. */
export interface RunningGuest {
  readonly guest: DeclaredGuest;
  readonly host: EnvironmentHost;
  readonly ref: DomainRef;
  readonly forwards: Forwards;
}

/** Where something of a guest is reached from this machine. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** How that is known. */
  readonly from: FoundAddress['from'] | 'user networking' | 'the host';
}

const LOOPBACK = '127.0.0.1';

/**
 * Opens the ports that the file declares, and closes others of its guest. With user networking QEMU listens for them;
 * to guests with an address of their own this window leads, since nobody else may listen without rights.
 */
export async function openPorts({ guest, host, ref, forwards }: RunningGuest): Promise<void> {
  const { connection } = host;
  // passt has them in the domain.
  const passt = guest.networks?.some(({ to }) => to.kind === 'passt') === true;
  const user =
    guest.ports.length === 0 && !mayUseUserNetwork(guest) ? undefined : await userPorts(connection, ref);
  if (user !== undefined && host.isLocal) await openUserPorts(user, guest);
  const keys = new Set<string>();
  if (!passt && !(user !== undefined && host.isLocal))
    for (const port of guest.ports) {
      const key = keyOf(ref, `port:${port.host}`);
      keys.add(key);
      const dial =
        user === undefined ? dialGuest(connection, ref, port.guest) : dialUser(connection, user, port.guest);
      await forwards.open(key, port.address, port.host, dial);
    }
  forwards.closeAll(keyOf(ref, 'port:'), keys);
}

/** Where the guest's ssh, or any other TCP port of it, is reached; undefined while it has no address. */
export async function endpointOf(
  { guest, host, ref, forwards }: RunningGuest,
  port: number,
): Promise<Endpoint | undefined> {
  const { connection } = host;
  const user = mayUseUserNetwork(guest) ? await userPorts(connection, ref) : undefined;
  if (user !== undefined && host.isLocal) {
    const found = (await user.list()).find((each) => each.guest === port && each.protocol === 'tcp');
    if (found === undefined) await user.add({ protocol: 'tcp', address: LOOPBACK, host: 0, guest: port });
    const opened =
      found ?? (await user.list()).find((each) => each.guest === port && each.protocol === 'tcp');
    return opened === undefined
      ? undefined
      : { address: LOOPBACK, port: opened.host, from: 'user networking' };
  }
  if (user !== undefined) {
    const local = await forwards.open(
      keyOf(ref, `reach:${port}`),
      LOOPBACK,
      0,
      dialUser(connection, user, port),
    );
    return { address: LOOPBACK, port: local, from: 'user networking' };
  }
  const found = await findAddress(connection, ref);
  if (found === undefined) return undefined;
  if (host.isLocal) return { address: found.address, port, from: found.from };
  const local = await forwards.open(
    keyOf(ref, `reach:${port}`),
    LOOPBACK,
    0,
    dialGuest(connection, ref, port),
  );
  return { address: LOOPBACK, port: local, from: found.from };
}

/** Ends what this window listens at for a guest. */
export function closePorts(forwards: Forwards, ref: Pick<DomainRef, 'uuid'>): void {
  forwards.closeAll(`${ref.uuid} `);
}

function keyOf({ uuid }: DomainRef, what: string): string {
  return `${uuid} ${what}`;
}

/** The default depends on the host: only a guest whose networks are all others cannot. */
function mayUseUserNetwork({ networks }: DeclaredGuest): boolean {
  return networks === undefined || networks.some(({ to }) => to.kind === 'user');
}

async function userPorts(connection: Connection, ref: DomainRef): Promise<UserPorts | undefined> {
  const network = userNetworkOf(await connection.domains.xml(ref));
  return network === undefined ? undefined : new UserPorts(connection, ref, network);
}

async function openUserPorts(user: UserPorts, guest: DeclaredGuest): Promise<void> {
  const open = await user.list();
  for (const port of guest.ports) if (!open.some((each) => samePort(each, port))) await user.add(port);
  // What leads to ssh was opened for this window, at a port of nobody's choice.
  for (const each of open)
    if (!guest.ports.some((port) => samePort(each, port)) && each.guest !== guest.ssh?.port)
      await user.remove(each);
}

function samePort(a: DeclaredPort, b: DeclaredPort): boolean {
  return a.host === b.host && a.guest === b.guest && a.protocol === b.protocol && a.address === b.address;
}

/** The address is looked up for each connection: a guest may get another one. */
function dialGuest(connection: Connection, ref: DomainRef, port: number): Dial {
  return async (signal) => {
    const found = await findAddress(connection, ref);
    if (found === undefined) throw new Error('The guest has no address yet');
    return connection.dial({ address: found.address, port }, signal);
  };
}

/** On another host QEMU listens at a port of its own choice, which that host's connection leads to. */
function dialUser(connection: Connection, user: UserPorts, port: number): Dial {
  return async (signal) => {
    const find = async () =>
      (await user.list()).find((each) => each.guest === port && each.protocol === 'tcp');
    if ((await find()) === undefined)
      await user.add({ protocol: 'tcp', address: LOOPBACK, host: 0, guest: port });
    const opened = await find();
    if (opened === undefined) throw new Error('QEMU did not open the port');
    return connection.dial({ address: LOOPBACK, port: opened.host }, signal);
  };
}
