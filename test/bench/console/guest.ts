import { once } from 'node:events';
import { type Connection, connect } from '../../../src/client/libvirt/connect.ts';
import type { DomainRef } from '../../../src/client/libvirt/domain/domain.ts';
import { OpenConsole } from '../../../src/client/libvirt/domain/streams.ts';
import type { RpcStream } from '../../../src/client/rpc/stream.ts';
import { LINUX_LOGIN, linuxGuestXml, linuxKernelFor } from '../../support/linux-guest.ts';
import type { PrivateDaemon } from '../../support/private-daemon.ts';
import { Transcript } from '../../support/transcript.ts';

/** A port besides the one that the guest is commanded by. */
const SECOND_PORT = '<serial type="pty"><target port="1"/></serial>';
const VNC = '<graphics type="vnc" autoport="yes" listen="127.0.0.1"/>';

export const NAME = 'bench';
/** Its second port. */
export const PORT = { kind: 'serial', index: 1 } as const;

/** A Linux guest that is logged in to at its serial port, and does what it is told there. */
export class BenchGuest implements AsyncDisposable {
  readonly connection: Connection;
  readonly ref: DomainRef;
  readonly #stream: RpcStream;
  readonly #transcript: Transcript;

  private constructor(connection: Connection, ref: DomainRef, stream: RpcStream) {
    this.connection = connection;
    this.ref = ref;
    this.#stream = stream;
    this.#transcript = new Transcript(stream);
  }

  static async start(daemon: PrivateDaemon): Promise<BenchGuest> {
    const kernel = await linuxKernelFor(daemon);
    await daemon.define(linuxGuestXml({ name: NAME, devices: SECOND_PORT, graphics: VNC }, kernel));
    await daemon.virsh('start', NAME);
    const connection = await connect(daemon.uri, AbortSignal.timeout(20_000));
    const ref = await connection.domains.lookupByName(NAME);
    const stream = await connection.domainStreams.openConsole(ref, 'serial0', OpenConsole.SAFE);
    const guest = new BenchGuest(connection, ref, stream);
    await guest.#logIn();
    return guest;
  }

  /** Runs a command and waits until its shell is ready again. */
  async run(command: string): Promise<void> {
    this.send(`${command}; echo do''ne`);
    await this.#transcript.expect(/done\r\n/u, 600_000);
  }

  /** Types a line, and waits for nothing. */
  send(line: string): void {
    this.#stream.write(`${line}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#stream, 'close');
    this.#stream.destroy();
    await closed;
    this.connection.close();
  }

  async #logIn(): Promise<void> {
    // What came before we were there is not repeated.
    this.send('');
    await this.#transcript.expect(/login: /u);
    this.send(LINUX_LOGIN.user);
    await this.#transcript.expect(/Password: /u);
    this.send(LINUX_LOGIN.password);
    await this.#transcript.expect(/# /u);
  }
}
