import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { conditionOf, type DomainCondition, refOf } from '../../../model/inventory/kinds/domain-record.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { DomainXml } from '../../../client/libvirt/domain/domain.ts';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { Listen } from '../../../model/operations/domain/vnc-xml.ts';
import type { Channel } from '../../../client/rpc/channel.ts';
import type { Complaint } from '../../../webview/display/messages.ts';
import { complaintText } from './complaint-text.ts';
import { type Graphics, graphicsOf } from './graphics.ts';
import { RfbGreeting } from './rfb-greeting.ts';
import { logIn, VncError } from './rfb-login.ts';
import { wayToListen } from './way-to-listen.ts';

/** Why there is no picture. */
export type Blank =
  | { readonly kind: 'off'; readonly condition: DomainCondition }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'connecting' }
  /** `listen`: how a display that is added can be reached. */
  | { readonly kind: 'no-vnc'; readonly graphics: Graphics; readonly listen: Listen }
  /** It was given one, which is there when it starts again. */
  | { readonly kind: 'vnc-added' }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface LinkOwner {
  /** A picture is on its way: what follows is for a new client. */
  opened(): void;
  /** Of the server, for the client. */
  data(bytes: Uint8Array): void;
  blank(blank: Blank): void;
}

/** How far the client may be behind, and the server, which may ask a client for more than it reads. */
const WINDOW_BYTES = 4 * 1024 * 1024;
const LOGIN_MS = 15_000;
const RETRY_MS = 1_000;
/** A display that hangs up again and again is not tried for ever. */
const TRIES = 3;

/**
 * The bytes of one domain's VNC display, followed over shutdowns and starts while somebody looks. Nothing is open
 * while nobody does.
 */
export class DisplayLink {
  readonly target: DomainTarget;
  readonly #owner: LinkOwner;
  readonly #stop: () => void;
  #wanted = false;
  /** The attempt or connection that counts now; what comes late of an earlier one is dropped. */
  #current: AbortController | undefined;
  #channel: Channel | undefined;
  #greeting: RfbGreeting | undefined;
  #behind = 0;
  #refused = false;
  #tries = 0;

  constructor(target: DomainTarget, owner: LinkOwner) {
    this.target = target;
    this.#owner = owner;
    this.#stop = target.host.onChange(() => this.#look());
  }

  /** Somebody looks, with a client that knows nothing yet. */
  show(): void {
    this.#wanted = true;
    this.#refused = false;
    this.#tries = 0;
    this.#close();
    if (this.target.host.status.kind === 'connected') this.#look();
    else this.#connectHost();
  }

  /** Nobody looks: nothing stays open. */
  hide(): void {
    this.#wanted = false;
    this.#close();
  }

  /** What the client says. */
  write(bytes: Uint8Array): void {
    const rest = this.#greeting?.take(bytes) ?? bytes;
    const output = this.#channel?.output;
    if (output === undefined || rest.length === 0) return;
    if (output.writableLength > WINDOW_BYTES)
      this.#fail(new VncError('protocol', t('The display does not read what it is sent')));
    else output.write(rest);
  }

  /** The client has dealt with so many bytes. */
  taken(bytes: number): void {
    this.#behind = Math.max(0, this.#behind - bytes);
    if (this.#behind < WINDOW_BYTES) this.#channel?.input.resume();
  }

  /** The client could not make sense of what the server sent. */
  reject(complaint: Complaint): void {
    this.#fail(new VncError('protocol', complaintText(complaint)));
  }

  dispose(): void {
    this.#stop();
    this.hide();
  }

  #connectHost(): void {
    this.#owner.blank({ kind: 'connecting' });
    this.target.host.connect().then(
      () => this.#look(),
      (error: unknown) => this.#fail(error),
    );
  }

  #look(): void {
    if (!this.#wanted) return;
    const { host, record } = this.target;
    if (host.status.kind !== 'connected') {
      // Of an ssh host the bytes go with the connection; a local display goes on.
      if (this.#channel === undefined) this.#owner.blank({ kind: 'unreachable' });
    } else if (record === undefined) this.#end({ kind: 'gone' });
    else if (!isActive(record.state)) {
      this.#refused = false;
      this.#tries = 0;
      this.#end({ kind: 'off', condition: conditionOf(record) });
    } else if (this.#current === undefined && !this.#refused) void this.#open();
  }

  #end(blank: Blank): void {
    this.#close();
    this.#owner.blank(blank);
  }

  async #open(): Promise<void> {
    const current = new AbortController();
    this.#current = current;
    this.#owner.blank({ kind: 'connecting' });
    try {
      const channel = await this.#reach(AbortSignal.any([current.signal, AbortSignal.timeout(LOGIN_MS)]));
      if (channel === undefined) return;
      if (current.signal.aborted) channel.close();
      else this.#follow(channel, current);
    } catch (error) {
      if (!current.signal.aborted) this.#fail(error);
    }
  }

  async #reach(signal: AbortSignal): Promise<Channel | undefined> {
    const connection = await this.target.host.connect();
    const { record } = this.target;
    if (record === undefined) return undefined;
    const graphics = graphicsOf(await readSecureXml(connection, refOf(record)));
    if (graphics.kind !== 'vnc') {
      this.#refused = true;
      this.#end({ kind: 'no-vnc', graphics, listen: wayToListen(connection.uri) });
      return undefined;
    }
    const channel = await connection.dial(graphics.to, signal);
    try {
      await logIn(channel, graphics.password, signal);
      return channel;
    } catch (error) {
      channel.close();
      throw await rootCause(error, channel);
    }
  }

  #follow(channel: Channel, current: AbortController): void {
    this.#channel = channel;
    this.#behind = 0;
    this.#owner.opened();
    this.#greeting = new RfbGreeting((bytes) => this.#deliver(bytes));
    channel.output.on('error', () => undefined);
    channel.input.on('error', () => undefined);
    channel.input.on('data', (bytes: Uint8Array) => {
      if (this.#channel !== channel) return;
      this.#tries = 0;
      this.#deliver(bytes);
      if (this.#behind >= WINDOW_BYTES) channel.input.pause();
    });
    void channel.closed.then(async (reason) => {
      if (this.#channel !== channel) return;
      this.#channel = undefined;
      this.#owner.blank({ kind: 'connecting' });
      await this.#again(current, reason);
    });
  }

  /** The domain may be gone, which libvirt tells a moment later; or it was only the connection. */
  async #again(current: AbortController, reason: Error | undefined): Promise<void> {
    await sleep(RETRY_MS, undefined, { ref: false });
    if (this.#current !== current) return;
    this.#current = undefined;
    this.#tries++;
    if (this.#tries > TRIES) this.#fail(reason ?? new VncError('refused', t('The display keeps hanging up')));
    else this.#look();
  }

  #deliver(bytes: Uint8Array): void {
    this.#behind += bytes.length;
    this.#owner.data(bytes);
  }

  #fail(error: unknown): void {
    this.#refused = true;
    this.#end({ kind: 'failed', error });
  }

  #close(): void {
    this.#current?.abort();
    this.#current = undefined;
    const channel = this.#channel;
    this.#channel = undefined;
    this.#greeting = undefined;
    channel?.close();
  }
}

/** Without the password for somebody who may only look: libvirt does not tell it to them. */
async function readSecureXml(connection: Connection, ref: DomainRef): Promise<string> {
  try {
    return await connection.domains.xml(ref, DomainXml.SECURE);
  } catch (error) {
    if (!isLibvirtError(error, ErrorCode.OPERATION_DENIED, ErrorCode.ACCESS_DENIED)) throw error;
    return connection.domains.xml(ref);
  }
}

/** Over ssh it is only known when the channel ends that nothing listens there. */
async function rootCause(error: unknown, channel: Channel): Promise<unknown> {
  return error instanceof VncError && error.code !== 'protocol' ? error : ((await channel.closed) ?? error);
}
