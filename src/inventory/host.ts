import { type Connection, connect } from '../libvirt/connect.ts';
import { abortReason } from '../rpc/error.ts';
import { TransportError } from '../transport/error.ts';
import type { DomainRecord } from './domain-record.ts';
import { type DomainChanges, DomainTracker } from './domain-tracker.ts';
import { Emitter } from './emitter.ts';

/** A host as a person names it: where it is configured or was found decides what can be done with it. */
export interface HostDefinition {
  readonly name: string;
  readonly uri: string;
  readonly origin: 'local' | 'configured';
}

export interface HostFacts {
  readonly hostname: string;
  /** The hypervisor driver, such as QEMU, and its version. */
  readonly type: string;
  readonly version: string;
  /** The version of the daemon's libvirt. */
  readonly libVersion: string;
}

export type HostStatus =
  | { readonly kind: 'disconnected'; readonly byUser: boolean }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected'; readonly facts: HostFacts }
  | { readonly kind: 'failed'; readonly error: Error };

export type HostChange = { readonly kind: 'status' } | ({ readonly kind: 'domains' } & DomainChanges);

const CONNECT_TIMEOUT_MS = 30_000;
const NO_DOMAINS: ReadonlyMap<string, DomainRecord> = new Map();

interface Live {
  readonly connection: Connection;
  readonly domains: DomainTracker;
}

/** One libvirt host: its connection and what is on it, kept current while it is connected. */
export class Host {
  readonly definition: HostDefinition;
  readonly onChange: (listener: (change: HostChange) => void) => () => void;
  /** What went wrong in the background, for the log. */
  readonly onError: (listener: (error: unknown) => void) => () => void;
  readonly #changes = new Emitter<HostChange>();
  readonly #errors = new Emitter<unknown>();
  #status: HostStatus = { kind: 'disconnected', byUser: false };
  #live: Live | undefined;
  #connecting: { readonly done: Promise<Live>; readonly abort: AbortController } | undefined;

  constructor(definition: HostDefinition) {
    this.definition = definition;
    this.onChange = (listener) => this.#changes.on(listener);
    this.onError = (listener) => this.#errors.on(listener);
  }

  /** Stable over restarts: the same URI is the same host. */
  get id(): string {
    return this.definition.uri;
  }

  get name(): string {
    return this.definition.name;
  }

  get status(): HostStatus {
    return this.#status;
  }

  /** By UUID; empty while it is not connected. */
  get domains(): ReadonlyMap<string, DomainRecord> {
    return this.#live?.domains.records ?? NO_DOMAINS;
  }

  /** Connects unless it is connected; everybody who asks meanwhile waits for the same attempt. */
  async connect(): Promise<Connection> {
    const live = this.#live ?? (await this.#attempt());
    return live.connection;
  }

  disconnect(): void {
    this.#connecting?.abort.abort();
    this.#connecting = undefined;
    this.#live?.connection.close();
    this.#live = undefined;
    this.#setStatus({ kind: 'disconnected', byUser: true });
  }

  /** @throws Error when the domain cannot be read; one that is gone is simply removed. */
  async refreshDomain(uuid: string): Promise<void> {
    await this.#live?.domains.refresh(uuid);
  }

  /** Reads every domain again; does nothing while it is not connected. */
  async reload(): Promise<void> {
    await this.#live?.domains.reload();
  }

  /** Fills in the vCPUs and memory of every domain in the background: call it when they are about to be seen. */
  loadSizes(): void {
    this.#live?.domains.loadSizes();
  }

  #attempt(): Promise<Live> {
    if (this.#connecting !== undefined) return this.#connecting.done;
    const abort = new AbortController();
    const done = this.#open(abort.signal).finally(() => {
      // After a disconnect there may be a newer attempt.
      if (this.#connecting?.abort === abort) this.#connecting = undefined;
    });
    this.#connecting = { done, abort };
    this.#setStatus({ kind: 'connecting' });
    return done;
  }

  async #open(cancelled: AbortSignal): Promise<Live> {
    const signal = AbortSignal.any([cancelled, AbortSignal.timeout(CONNECT_TIMEOUT_MS)]);
    let connection: Connection | undefined;
    const giveUp = () => connection?.close();
    signal.addEventListener('abort', giveUp);
    try {
      connection = await connect(this.definition.uri, signal);
      const domains = new DomainTracker(
        connection,
        (changes) => this.#changes.emit({ kind: 'domains', ...changes }),
        (error) => this.#errors.emit(error),
      );
      const [facts] = await Promise.all([readFacts(connection), domains.start()]);
      signal.throwIfAborted();
      this.#live = { connection, domains };
      this.#followEnd(this.#live);
      this.#setStatus({ kind: 'connected', facts });
      return this.#live;
    } catch (cause) {
      connection?.close();
      const error = signal.aborted ? whyGivenUp(signal) : asError(cause);
      if (!cancelled.aborted) this.#setStatus({ kind: 'failed', error });
      throw error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  #followEnd(live: Live): void {
    void live.connection.closed.then((reason) => {
      if (this.#live !== live) return;
      this.#live = undefined;
      if (reason !== undefined) this.#setStatus({ kind: 'failed', error: reason });
    });
  }

  #setStatus(status: HostStatus): void {
    this.#status = status;
    this.#changes.emit({ kind: 'status' });
  }
}

function whyGivenUp(signal: AbortSignal): Error {
  const reason = abortReason(signal);
  if (reason.name !== 'TimeoutError') return reason;
  return new TransportError(
    'timeout',
    `The host did not answer within ${CONNECT_TIMEOUT_MS / 1000} s`,
    'Check that it is switched on, reachable from here, and that its libvirt daemon is not stuck.',
    { cause: reason },
  );
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}

async function readFacts(connection: Connection): Promise<HostFacts> {
  const [hostname, type, version, libVersion] = await Promise.all([
    connection.hostname(),
    connection.type(),
    connection.version(),
    connection.libVersion(),
  ]);
  return { hostname, type, version, libVersion };
}
