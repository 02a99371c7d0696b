import type { PortForward } from '../../../model/guest/guest-spec.ts';
import { isAddress } from '../../../client/libvirt/ip-address.ts';
import { child, children, parseXml, text } from '../../../client/libvirt/xml-object.ts';
import type { DeclaredGuest } from '../file/model.ts';
import { isFree } from './free-port.ts';
import { digest } from './names.ts';
import type { UserPort } from './user-ports.ts';

export const LOOPBACK = '127.0.0.1';

/** Below the ports that Linux assigns by itself. */
const FIRST_SSH_PORT = 20_000;
const SSH_PORTS = 12_000;

/**
 * The ports that passt is to open on the host: a guest behind passt shares the host's address, and only these lead to
 * it. SSH gets one even when the file names none. On another machine they are open on loopback only, for the
 * connection that leads there.
 * @param isLocal whether the host is this machine
 */
export async function passtForwards(
  guest: Pick<DeclaredGuest, 'name' | 'ports'> & { readonly ssh: { readonly port: number } | undefined },
  isLocal: boolean,
  id: string,
): Promise<readonly PortForward[]> {
  const forwards = guest.ports.map((port): PortForward => ({
    protocol: port.protocol,
    address: isLocal ? port.address : LOOPBACK,
    hostPort: port.host,
    guestPort: port.guest,
  }));
  const { ssh } = guest;
  if (ssh === undefined || guest.ports.some((port) => port.protocol === 'tcp' && port.guest === ssh.port))
    return forwards;
  const hostPort = await sshPort(`${id}\0${guest.name}`, isLocal, guest.ports);
  return [...forwards, { protocol: 'tcp', address: LOOPBACK, hostPort, guestPort: ssh.port }];
}

/** A port that is likely to be free there, the same each time. */
async function sshPort(key: string, isLocal: boolean, ports: DeclaredGuest['ports']): Promise<number> {
  const start = Number.parseInt(digest(key).slice(0, 8), 16);
  for (let attempt = 0; ; attempt += 1) {
    const port = FIRST_SSH_PORT + ((start + attempt) % SSH_PORTS);
    if (ports.some(({ host }) => host === port)) continue;
    if (!isLocal || attempt >= SSH_PORTS || (await isFree(LOOPBACK, port))) return port;
  }
}

/** The ports of its host that lead to a running guest on passt; what is open at no IP address is left out. */
export function passtPorts(liveXml: string): readonly UserPort[] {
  const devices = child(child(parseXml(liveXml), 'domain'), 'devices');
  return children(devices, 'interface')
    .filter((card) => text(child(card, 'backend'), '@type') === 'passt')
    .flatMap((card) => children(card, 'portForward'))
    .flatMap((forward) =>
      children(forward, 'range').map((range): UserPort => {
        const host = Number(text(range, '@start'));
        return {
          protocol: text(forward, '@proto') === 'udp' ? 'udp' : 'tcp',
          address: text(forward, '@address') ?? '0.0.0.0',
          host,
          guest: Number(text(range, '@to') ?? host),
        };
      }),
    )
    .filter(({ address }) => isAddress(address));
}
