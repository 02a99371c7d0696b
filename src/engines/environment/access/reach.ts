import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import type { DeclaredGuest } from '../file/model.ts';
import type { EnvironmentHost } from '../deploy/environment-host.ts';
import type { Dial, Forwards } from '../deploy/forwards.ts';
import { LOOPBACK } from '../deploy/passt-ports.ts';
import { type Endpoint, type Way, wayTo } from './way.ts';

/** A running guest, and the ways to it. */
export interface RunningGuest {
  readonly guest: DeclaredGuest;
  readonly host: EnvironmentHost;
  readonly ref: DomainRef;
  readonly forwards: Forwards;
}

/**
 * Opens the ports that the file declares, and closes others of its guest. With user networking QEMU listens for them,
 * and passt has done so since it was started; to guests with an address of their own this window leads, since nobody
 * else may listen without rights, and so it does to all that is on another machine.
 */
export async function openPorts(running: RunningGuest): Promise<void> {
  const { guest, host, ref, forwards } = running;
  const way = await wayTo(running);
  const keys = new Set<string>();
  if (host.isLocal && way.listener !== undefined) await way.listener.open(guest);
  else
    for (const port of guest.ports) {
      const key = keyOf(ref, `port:${port.host}`);
      keys.add(key);
      await forwards.open(key, port.address, port.host, dialBy(way, running, port.guest));
    }
  forwards.closeAll(keyOf(ref, 'port:'), keys);
}

/** Where the guest's ssh, or any other TCP port of it, is reached; undefined while it is not. */
export async function endpointOf(running: RunningGuest, port: number): Promise<Endpoint | undefined> {
  const { host, ref, forwards } = running;
  const way = await wayTo(running);
  const found = await way.find(port);
  if (found === undefined || host.isLocal) return found;
  const dial = dialBy(way, running, port);
  const local = await forwards.open(keyOf(ref, `reach:${port}`), LOOPBACK, 0, dial);
  return { address: LOOPBACK, port: local, from: found.from };
}

/** Ends what this window listens at for a guest. */
export function closePorts(forwards: Forwards, ref: Pick<DomainRef, 'uuid'>): void {
  forwards.closeAll(`${ref.uuid} `);
}

function keyOf({ uuid }: DomainRef, what: string): string {
  return `${uuid} ${what}`;
}

/** It is looked for at each connection: a guest may get another address. */
function dialBy(way: Way, { host: { connection } }: RunningGuest, port: number): Dial {
  return async (signal) => {
    const found = await way.find(port);
    if (found === undefined) throw new Error(`Nothing leads to port ${port} of the guest yet`);
    return connection.dial(found, signal);
  };
}
