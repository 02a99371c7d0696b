import type { Connection } from '../../client/libvirt/connect.ts';
import { abortReason } from '../../client/rpc/error.ts';
import { TransportError } from '../../client/transport/error.ts';
import { backoffMs } from './backoff.ts';
import { BootWatchers } from './boot-watchers.ts';
import type { DomainRecord } from './domain-record.ts';
import type { DomainChanges, DomainTracker } from './domain-tracker.ts';
import { Emitter } from './emitter.ts';

/** A host as a person names it: where it is configured or was found decides what can be done with it. */
export interface HostDefinition {
  readonly name: string;
  readonly uri: string;
  readonly origin: 'local' | 'configured';
  /** Its daemon was seen listening on this machine, so that looking at it starts nothing. */
  readonly listens?: boolean;
}

export interface HostFacts {
  readonly hostname: string;
  /** The hypervisor driver, such as QEMU, and its version. */
  readonly type: string;
  readonly version: string;
  /** The version of the daemon's libvirt. */
  readonly libVersion: string;
  /** What is unsafe about the way there, a sentence each; usually none. */
  readonly warnings: readonly string[];
}

export type HostStatus =
  | { readonly kind: 'disconnected'; readonly byUser: boolean }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected'; readonly facts: HostFacts }
  /** The link was lost; it is tried again by itself, and what was known is still shown. */
  | { readonly kind: 'reconnecting'; readonly error: Error }
  | { readonly kind: 'failed'; readonly error: Error };

export type HostChange = { readonly kind: 'status' } | ({ readonly kind: 'domains' } & DomainChanges);

/** How long reading what is on the host may take. */
const LOAD_TIMEOUT_MS = 30_000;
/** A first failed attempt and these say that trying again by itself will not help. */
const FOR_A_PERSON = new Set([
  'certificate',
  'configuration',
  'authentication',
  'host-key',
  'permission-denied',
  'bad-uri',
  'unsupported',
]);
const NO_DOMAINS: ReadonlyMap<string, DomainRecord> = new Map();

interface Live {
  readonly connection: Connection;
  readonly domains: DomainTracker;
  readonly facts: HostFacts;
}

/** Makes connections; `quiet` ones happen by themselves and must not ask a person for anything. */
export type Connector = (uri: string, signal: AbortSignal, quiet: boolean) => Promise<Connection>;

/** One libvirt host: its connection and what is on it, kept current while it is connected. */
export class Host {
  readonly definition: HostDefinition;
  readonly onChange: (listener: (change: HostChange) => void) => () => void;
  /** What went wrong in the background, for the log. */
  readonly onError: (listener: (error: unknown) => void) => () => void;
  /** Who wants to see its domains from their first instruction on. */
  readonly bootWatchers = new BootWatchers();
  readonly #connector: Connector;
  readonly #changes = new Emitter<HostChange>();
  readonly #errors = new Emitter<unknown>();
  #status: HostStatus = { kind: 'disconnected', byUser: false };
  #live: Live | undefined;
  #connecting: { readonly done: Promise<Live>; readonly abort: AbortController } | undefined;
  /** What was known when the link was lost. */
  #remembered = NO_DOMAINS;
  #retry: NodeJS.Timeout | undefined;

  constructor(definition: HostDefinition, connector: Connector = connectAlone) {
    this.definition = definition;
    this.#connector = connector;
    this.onChange = (listener) => this.#changes.on(listener);
    this.onError = (listener) => this.#errors.on(listener);
  }

  /** Stable over restarts: the same URI is the same host. */
  get id(): string {
    return this.definition.uri;
  }

  /** What a person calls it. */
  get name(): string {
    return this.definition.name;
  }

  /** Whether it is connected, and why not. */
  get status(): HostStatus {
    return this.#status;
  }

  /** By UUID; empty while it is not connected, the last known ones while the link is being restored. */
  get domains(): ReadonlyMap<string, DomainRecord> {
    return this.#live?.domains.records ?? this.#remembered;
  }

  /** Connects unless it is connected; everybody who asks meanwhile waits for the same attempt. */
  async connect(): Promise<Connection> {
    const live = this.#live ?? (await this.#attempt(false));
    return live.connection;
  }

  /** Ends the connection, or the attempt, and forgets what is on the host. */
  disconnect(): void {
    clearTimeout(this.#retry);
    this.#connecting?.abort.abort();
    this.#connecting = undefined;
    this.#live?.connection.close();
    this.#live = undefined;
    this.#remembered = NO_DOMAINS;
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

  #attempt(quiet: boolean): Promise<Live> {
    if (this.#connecting !== undefined) return this.#connecting.done;
    clearTimeout(this.#retry);
    const abort = new AbortController();
    const done = this.#open(abort.signal, quiet).finally(() => {
      // After a disconnect there may be a newer attempt.
      if (this.#connecting?.abort === abort) this.#connecting = undefined;
    });
    this.#connecting = { done, abort };
    if (!quiet) this.#setStatus({ kind: 'connecting' });
    return done;
  }

  async #open(cancelled: AbortSignal, quiet: boolean): Promise<Live> {
    try {
      const connection = await this.#connector(this.definition.uri, cancelled, quiet);
      const live = await this.#load(connection, cancelled);
      if (cancelled.aborted) {
        connection.close();
        throw abortReason(cancelled);
      }
      this.#live = live;
      this.#remembered = NO_DOMAINS;
      this.#followEnd(live);
      this.#setStatus({ kind: 'connected', facts: live.facts });
      live.domains.announceStart();
      return live;
    } catch (cause) {
      const error = asError(cause);
      if (!cancelled.aborted && !quiet) this.#fail(error);
      throw cancelled.aborted ? abortReason(cancelled) : error;
    }
  }

  /** Reads what is on the host; gives up, and ends the connection, when that is cancelled or takes too long. */
  async #load(connection: Connection, cancelled: AbortSignal): Promise<Live> {
    const signal = AbortSignal.any([cancelled, AbortSignal.timeout(LOAD_TIMEOUT_MS)]);
    const giveUp = () => connection.close();
    signal.addEventListener('abort', giveUp);
    try {
      const { DomainTracker } = await import('./domain-tracker.ts');
      const domains = new DomainTracker(connection, this.#remembered, {
        changed: (changes) => this.#changes.emit({ kind: 'domains', ...changes }),
        failed: (error) => this.#errors.emit(error),
      });
      const [facts] = await Promise.all([readFacts(connection), domains.start()]);
      signal.throwIfAborted();
      return { connection, domains, facts };
    } catch (error) {
      connection.close();
      throw signal.aborted && !cancelled.aborted ? tooSlow(error) : error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  #followEnd(live: Live): void {
    void live.connection.closed.then((reason) => {
      if (this.#live !== live || reason === undefined) return;
      this.#live = undefined;
      this.#remembered = live.domains.records;
      this.#reconnect(reason, 0);
    });
  }

  /** Tries again with growing pauses, without asking anybody, until it works or only a person can help. */
  #reconnect(error: Error, attempt: number): void {
    if (attempt > 0 && error instanceof TransportError && FOR_A_PERSON.has(error.code)) {
      this.#fail(error);
      return;
    }
    this.#setStatus({ kind: 'reconnecting', error });
    this.#retry = setTimeout(() => void this.#tryAgain(attempt), backoffMs(attempt));
    this.#retry.unref();
  }

  async #tryAgain(attempt: number): Promise<void> {
    try {
      await this.#attempt(true);
    } catch (cause) {
      // Meanwhile a person may have disconnected, or tried it themselves.
      if (this.#status.kind === 'reconnecting') this.#reconnect(asError(cause), attempt + 1);
    }
  }

  #fail(error: Error): void {
    this.#remembered = NO_DOMAINS;
    this.#setStatus({ kind: 'failed', error });
  }

  #setStatus(status: HostStatus): void {
    this.#status = status;
    this.#changes.emit({ kind: 'status' });
  }
}

/** Nothing is loaded before the first connection: most windows of an editor never make one. */
async function connectAlone(uri: string, signal: AbortSignal): Promise<Connection> {
  const { connect } = await import('../../client/libvirt/connect.ts');
  return connect(uri, signal);
}

function tooSlow(cause: unknown): TransportError {
  return new TransportError(
    'timeout',
    `The host did not say what is on it within ${LOAD_TIMEOUT_MS / 1000} s`,
    'Check that its libvirt daemon is not stuck: restarting it does no harm to guests that run.',
    { cause },
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
  return { hostname, type, version, libVersion, warnings: connection.warnings };
}
