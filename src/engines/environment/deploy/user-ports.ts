import { t } from '@vscode/l10n';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { isAddress } from '../../../client/libvirt/ip-address.ts';
import { MonitorCommand } from '../../../client/libvirt/domain/qemu.ts';

/** A port of the host that QEMU's user networking forwards to the guest. */
export interface UserPort {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly host: number;
  readonly guest: number;
}

/**
 * The port forwards of a guest on QEMU's user networking. libvirt has no call for them, so QEMU's monitor is asked,
 * which works while the guest runs; they end with it. `network` is the alias of the host's end of its network card.
 */
export class UserPorts {
  readonly #connection: Connection;
  readonly #domain: DomainRef;
  readonly #network: string;

  constructor(connection: Connection, domain: DomainRef, network: string) {
    this.#connection = connection;
    this.#domain = domain;
    this.#network = network;
  }

  async list(): Promise<readonly UserPort[]> {
    return parseUserNetwork(await this.#monitor('info usernet'), this.#network);
  }

  /** @throws Error with QEMU's words when the port cannot be opened */
  async add({ protocol, address, host, guest }: UserPort): Promise<void> {
    const answer = await this.#monitor(
      `hostfwd_add ${this.#network} ${protocol}:${address}:${host}-:${guest}`,
    );
    if (answer.trim() !== '') throw new Error(t('Port {0} cannot be opened: {1}', host, answer.trim()));
  }

  async remove({ protocol, address, host }: UserPort): Promise<void> {
    await this.#monitor(`hostfwd_remove ${this.#network} ${protocol}:${address}:${host}`);
  }

  #monitor(command: string): Promise<string> {
    return this.#connection.qemu.monitorCommand(this.#domain, command, MonitorCommand.HMP);
  }
}

/** Reads `info usernet`: its lines of forwards say HOST_FORWARD. */
export function parseUserNetwork(text: string, network: string): readonly UserPort[] {
  const ports: UserPort[] = [];
  let inside = false;
  for (const line of text.split('\n')) {
    const hub = /^(?:Hub -?\d+ )?\(?([^()]+)\)?:\s*$/u.exec(line.trim());
    if (hub !== null) inside = hub[1] === network;
    const [, protocol, at = '', host, guest] =
      /^\s*(TCP|UDP)\[HOST_FORWARD\]\s+\d+\s+(\S+)\s+(\d+)\s+\S+\s+(\d+)/u.exec(line) ?? [];
    const address = at === '*' ? '0.0.0.0' : at;
    if (!inside || protocol === undefined || !isAddress(address)) continue;
    ports.push({
      protocol: protocol === 'UDP' ? 'udp' : 'tcp',
      address,
      host: Number(host),
      guest: Number(guest),
    });
  }
  return ports;
}
