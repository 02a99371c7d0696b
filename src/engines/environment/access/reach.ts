import { t } from '@vscode/l10n';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import type { DeclaredGuest, DeclaredPort } from '../file/model.ts';
import type { EnvironmentHost } from '../deploy/environment-host.ts';
import type { Dial, Forwards } from '../deploy/forwards.ts';
import { LOOPBACK } from '../deploy/passt-ports.ts';
import { type Endpoint, tryEach, type Way, wayTo } from './way.ts';

/** A running guest, and the ways to it. */
export interface RunningGuest {
  readonly guest: DeclaredGuest;
  readonly host: EnvironmentHost;
  readonly ref: DomainRef;
  readonly forwards: Forwards;
}

/**
 * Opens the ports that the file declares, and closes others of its guest. With user networking QEMU listens; passt
 * listens since the guest started. For a guest with its own address, or on another machine, this window listens and
 * forwards: that needs no rights. The others are opened even when one is taken.
 * @throws Error that says which port could not be opened
 */
export async function openPorts(running: RunningGuest): Promise<void> {
  const { guest, host, ref, forwards } = running;
  const way = await wayTo(running);
  if (host.isLocal && way.listener !== undefined) {
    forwards.closeAll(keyOf(ref, 'port:'));
    await way.listener.open(guest);
    return;
  }
  const keyFor = (port: DeclaredPort) => keyOf(ref, `port:${port.host}`);
  forwards.closeAll(keyOf(ref, 'port:'), new Set(guest.ports.map(keyFor)));
  await tryEach(guest.ports, (port) =>
    forwards.open(keyFor(port), port.address, port.host, dialBy(way, running, port.guest)),
  );
}

/** Where a TCP port of the guest, such as SSH, is reached from this machine; undefined while it is not. */
export async function endpointOf(running: RunningGuest, port: number): Promise<Endpoint | undefined> {
  const { host, ref, forwards } = running;
  const way = await wayTo(running);
  const found = await way.find(port);
  if (found === undefined || host.isLocal) return found;
  const dial = dialBy(way, running, port);
  const local = await forwards.open(keyOf(ref, `reach:${port}`), LOOPBACK, 0, dial);
  return { address: LOOPBACK, port: local, from: found.from };
}

/** Closes the ports at which this window listens for a guest. */
export function closePorts(forwards: Forwards, ref: Pick<DomainRef, 'uuid'>): void {
  forwards.closeAll(`${ref.uuid} `);
}

function keyOf({ uuid }: DomainRef, what: string): string {
  return `${uuid} ${what}`;
}

/** Looks for the guest at each connection: it may get another address. */
function dialBy(way: Way, { host: { connection } }: RunningGuest, port: number): Dial {
  return async (signal) => {
    const found = await way.find(port);
    if (found === undefined) throw new Error(t('Port {0} of the guest cannot be reached yet', port));
    return connection.dial(found, signal);
  };
}
