import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { targetRef } from '../../../model/operations/domain/on-domain.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { Connector } from '../../../model/inventory/host.ts';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { isActive, type StateReason } from '../../../client/libvirt/domain/state.ts';
import { OpenConsole } from '../../../client/libvirt/domain/streams.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { RpcStream } from '../../../client/rpc/stream.ts';
import { type Port, type PortId, portName, portsOf, samePort } from './ports.ts';

/** What happened to a console, for a person to read. */
export type Notice =
  | { readonly kind: 'attached'; readonly again: boolean }
  /** The domain is shut off; `ran`: it ran while this session was attached. */
  | { readonly kind: 'waiting'; readonly ran: boolean; readonly reason: StateReason }
  | { readonly kind: 'gone' }
  | { readonly kind: 'taken-over' }
  /** Somebody else has it, and was left in peace. */
  | { readonly kind: 'declined' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface SessionOwner {
  output(bytes: Uint8Array): void;
  notice(notice: Notice): void;
  /** Somebody else has the console. */
  mayTakeOver(): Promise<boolean>;
}

export interface SessionOptions {
  readonly target: DomainTarget;
  readonly port: PortId;
  /** Each session has a connection of its own: a guest that reads nothing would hold up everybody else. */
  readonly connector: Connector;
}

/** The console ends a moment before libvirt says that its domain is off. */
const SETTLE_MS = 1_500;
/** On a busy host that moment is long: libvirt waits until QEMU is gone. */
const ENDING_MS = 30_000;
const RETRY_MS = 2_000;

/**
 * One console of one domain, followed for as long as somebody wants it: over shutdowns and starts, reboots and lost
 * links. It attaches whenever the domain runs; a start from here waits until it has.
 */
export class SerialSession {
  readonly target: DomainTarget;
  readonly port: PortId;
  readonly #connector: Connector;
  readonly #owner: SessionOwner;
  readonly #over = new AbortController();
  readonly #stops: (() => void)[];
  #connection: Connection | undefined;
  #stream: RpcStream | undefined;
  #attaching: Promise<void> | undefined;
  /** The run of the domain, by its id, that is only tried again when somebody asks for it. */
  #refusedId: number | undefined;
  #ran = false;
  #said: string | undefined;

  constructor({ target, port, connector }: SessionOptions, owner: SessionOwner) {
    this.target = target;
    this.port = port;
    this.#connector = connector;
    this.#owner = owner;
    const { host, uuid } = target;
    this.#stops = [
      host.onChange(() => this.#look()),
      host.bootWatchers.add(uuid, () => this.#attach({ quiet: true })),
    ];
  }

  get attached(): boolean {
    return this.#stream !== undefined;
  }

  /** Attaches, or says what it waits for. Never rejects: what is wrong is a notice. */
  async start(): Promise<void> {
    try {
      await this.target.host.connect();
      await this.target.host.refresh({ kind: 'domain', key: this.target.uuid });
    } catch (error) {
      this.#say({ kind: 'failed', error });
      return;
    }
    this.#look(false);
    await this.#attaching;
  }

  /** Bytes for the guest; they queue up while it does not read. Without a guest they go nowhere. */
  write(bytes: Uint8Array): void {
    this.#stream?.write(bytes);
  }

  /** Somebody asks for another try. */
  retry(): void {
    if (this.#stream !== undefined) return;
    this.#refusedId = undefined;
    this.#said = undefined;
    void this.start();
  }

  /** Holds the guest’s output back while its reader is full: nobody else is held up by that. */
  setFull(full: boolean): void {
    if (full) this.#stream?.pause();
    else this.#stream?.resume();
  }

  /**
   * A break, which a libvirt stream cannot carry: QEMU's monitor raises it on the device. libvirt marks a domain as
   * tainted for that. @throws Error for what is no serial port, or when QEMU refuses.
   */
  async sendBreak(): Promise<void> {
    const connection = await this.target.host.connect();
    const ref = this.#ref();
    const port = await this.#find(connection, ref);
    if (port.kind !== 'serial')
      throw new Error(t('{0} is not a serial port: only serial ports know a break', portName(port)));
    const { alias } = port;
    if (alias === undefined) throw new Error(t('The guest is shut off'));
    const command = { execute: 'chardev-send-break', arguments: { id: `char${alias}` } };
    const answer = await connection.qemu.monitorCommand(ref, JSON.stringify(command));
    const { error } = JSON.parse(answer) as { error?: { desc?: string } };
    if (error !== undefined) throw new Error(t('QEMU refused to send a break: {0}', error.desc ?? answer));
  }

  dispose(): void {
    this.#over.abort();
    for (const stop of this.#stops) stop();
    this.#release();
  }

  /** Decides anew what there is to do; whatever happened, this is where it leads. */
  #look(quiet = true): void {
    if (this.#over.signal.aborted || this.#stream !== undefined || this.#attaching !== undefined) return;
    const { host, record } = this.target;
    if (host.status.kind !== 'connected') {
      if (this.#ran) this.#say({ kind: 'unreachable' });
    } else if (record === undefined) this.#say({ kind: 'gone' });
    else if (!isActive(record.state)) {
      this.#refusedId = undefined;
      this.#say({ kind: 'waiting', ran: this.#ran, reason: record.reason });
    } else if (record.id === undefined || record.id !== this.#refusedId) void this.#attach({ quiet });
  }

  /** `lost`: it was attached to this run until a moment ago. */
  #attach({ quiet, lost = false }: { quiet: boolean; lost?: boolean }): Promise<void> {
    if (this.#stream !== undefined) return Promise.resolve();
    const id = this.target.record?.id;
    this.#attaching ??= this.#tryAttach(quiet, id, lost).finally(() => {
      this.#attaching = undefined;
      // What happened meanwhile was not looked at.
      if (!this.attached && !this.#runs(id)) this.#look(quiet);
    });
    return this.#attaching;
  }

  async #tryAttach(quiet: boolean, id: number | undefined, lost: boolean): Promise<void> {
    try {
      const { signal } = this.#over;
      const connection = await this.#connector(this.target.host.id, signal, quiet);
      this.#connection = connection;
      signal.throwIfAborted();
      const ref = await connection.domains.lookupByUuid(this.target.uuid);
      const stream = await this.#open(connection, ref, lost);
      if (stream === undefined) this.#give({ kind: lost ? 'taken-over' : 'declined' }, ref.id);
      else this.#follow(stream, ref.id);
    } catch (error) {
      // A domain that goes takes its console along a moment before it is known to be off.
      if (id !== undefined && (lost || isLibvirtError(error, ErrorCode.OPERATION_INVALID)))
        await this.#settled(id, lost ? ENDING_MS : SETTLE_MS);
      if (this.#over.signal.aborted) return;
      if (id === undefined || this.#runs(id)) this.#give({ kind: 'failed', error }, this.target.record?.id);
      else this.#release();
    }
  }

  /** Whether the domain is still in this run, as far as is known. */
  #runs(id: number | undefined): boolean {
    const { host, record } = this.target;
    return (
      host.status.kind === 'connected' && record?.id === id && record !== undefined && isActive(record.state)
    );
  }

  /** Disconnects another client only after asking; undefined when that one is to keep the console. */
  async #open(connection: Connection, ref: DomainRef, lost: boolean): Promise<RpcStream | undefined> {
    const port = await this.#find(connection, ref);
    const streams = connection.domainStreams;
    const open = (flags: number) =>
      port.kind === 'channel'
        ? streams.openChannel(ref, port.alias ?? port.name, flags)
        : streams.openConsole(ref, port.alias, flags);
    try {
      return await open(port.kind === 'channel' ? 0 : OpenConsole.SAFE).catch((error: unknown) => {
        // Drivers without consoles that two could read at once do not know the flag.
        if (isLibvirtError(error, ErrorCode.INVALID_ARG)) return open(0);
        throw error;
      });
    } catch (error) {
      if (!isBusy(error)) throw error;
      return !lost && (await this.#owner.mayTakeOver()) ? open(OpenConsole.FORCE) : undefined;
    }
  }

  async #find(connection: Connection, ref: DomainRef): Promise<Port> {
    const ports = portsOf(await connection.domains.xml(ref));
    const port = ports.find((candidate) => samePort(candidate, this.port));
    if (port === undefined)
      throw new Error(t('The domain no longer has the port {0}', `${this.port.kind}${this.port.index}`));
    return port;
  }

  #follow(stream: RpcStream, id: number): void {
    this.#stream = stream;
    let failure: Error | undefined;
    stream.on('data', (bytes: Uint8Array) => this.#owner.output(bytes));
    stream.once('error', (error) => (failure = error));
    stream.once('close', () => void this.#ended(stream, id, failure));
    this.#say({ kind: 'attached', again: this.#ran });
    this.#ran = true;
  }

  async #ended(stream: RpcStream, id: number, failure: Error | undefined): Promise<void> {
    if (this.#stream !== stream) return;
    this.#release();
    await this.#settled(id, SETTLE_MS);
    if (this.#over.signal.aborted || this.attached) return;
    if (!this.#runs(id)) this.#look();
    else if (failure === undefined || isLibvirtError(failure)) {
      // Whether somebody else has it, or the domain is about to be off, only libvirt knows: another try tells.
      await this.#attach({ quiet: true, lost: true });
    } else {
      await sleep(RETRY_MS, undefined, { ref: false });
      this.#look();
    }
  }

  /** Waits until it is known whether the domain has stopped, too. */
  #settled(id: number, patienceMs: number): Promise<void> {
    const { host } = this.target;
    const known = () => host.status.kind !== 'connected' || this.target.record?.id !== id;
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        stop();
        resolve();
      };
      const timer = setTimeout(done, patienceMs);
      const stop = host.onChange(() => known() && done());
      if (known()) done();
    });
  }

  #give(notice: Notice, id: number | undefined): void {
    this.#release();
    this.#refusedId = id;
    this.#say(notice);
  }

  #release(): void {
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.destroy();
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** Leaves out what was said last already. */
  #say(notice: Notice): void {
    if (notice.kind === this.#said) return;
    this.#said = notice.kind;
    this.#owner.notice(notice);
  }

  #ref(): DomainRef {
    return targetRef(this.target);
  }
}

/** Another client reads it: through this daemon, or with the lock file that programs on the host agree on. */
function isBusy(error: unknown): boolean {
  return (
    isLibvirtError(error) &&
    /active (?:console session|channel stream)|is locked by lock file/iu.test(error.message)
  );
}
