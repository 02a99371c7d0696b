import { t } from '@vscode/l10n';
import type { Connection } from '../../client/libvirt/connect.ts';
import { isLibvirtError } from '../../client/libvirt/error.ts';
import { abortReason, ConnectionClosedError } from '../../client/rpc/error.ts';
import { TransportError } from '../../client/transport/error.ts';
import { aliasOf } from './alias.ts';
import { BootWatchers } from './boot-watchers.ts';
import { Collection } from './collection.ts';
import { Emitter } from './emitter.ts';
import type { DomainRecord } from './kinds/domain-record.ts';
import type { Kind, KindName, ObjectName, ObjectRecord } from './kinds/kind.ts';
import { Outage, whileLost } from './outage.ts';
import type { ObjectChanges } from './tracker.ts';

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

/** What happened to the objects of one kind: those of the host or, with a parent, those in that object. */
export interface ObjectsChange extends ObjectChanges {
  readonly kind: 'objects';
  readonly of: KindName;
  readonly parent: string | undefined;
}

export type HostChange = { readonly kind: 'status' } | ObjectsChange;

/** Somebody reads the objects of a kind: they are followed until the last who does is disposed. */
export interface Watch<R extends ObjectRecord> {
  readonly objects: Collection<R>;
  dispose(): void;
}

/** How long reading what is on the host may take. */
const LOAD_TIMEOUT_MS = 30_000;
/** These say that trying again by itself will not help. */
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
  /** What is read of the host, by kind and parent. The domains always are. */
  readonly #collections = new Map<string, Collection<ObjectRecord>>();
  #domains: Collection<DomainRecord> | undefined;
  readonly #outage = new Outage(() => {
    // Why it failed is in the status.
    this.#attempt(true).catch(() => undefined);
  });
  #alias: string | undefined;

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

  /** Names it in addresses of documents, shortly: see {@link aliasOf}. */
  get alias(): string {
    this.#alias ??= aliasOf(this.definition);
    return this.#alias;
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
    return this.#domains?.records ?? NO_DOMAINS;
  }

  /** Connects unless it is connected; everybody who asks meanwhile waits for the same attempt. */
  async connect(): Promise<Connection> {
    const live = this.#live ?? (await this.#attempt(false));
    return live.connection;
  }

  /** Ends the attempt that goes on: a link that was lost goes on being restored later. */
  cancel(): void {
    if (!this.#outage.isOn) {
      this.disconnect();
      return;
    }
    this.#connecting?.abort.abort();
    this.#connecting = undefined;
    this.#outage.goOn(false);
  }

  /**
   * One more connection to the host, for work that keeps it busy; whoever asks closes it. Asks nobody for anything: the
   * host is connected when this is called.
   */
  async connectAnother(signal = new AbortController().signal): Promise<Connection> {
    await this.connect();
    return this.#connector(this.definition.uri, signal, true);
  }

  /** Ends the connection, or the attempt, and forgets what is on the host. */
  disconnect(): void {
    this.#outage.end();
    this.#connecting?.abort.abort();
    this.#connecting = undefined;
    this.#live?.connection.close();
    this.#live = undefined;
    this.#detachAll(false);
    this.#setStatus({ kind: 'disconnected', byUser: true });
  }

  /** Reads the objects of a kind, and follows them over all connections until the watch is disposed. */
  watch<R extends ObjectRecord>(kind: Kind<R>, parent?: string): Watch<R> {
    const id = collectionId(kind.name, parent);
    // One kind has one name, so that what is kept under it is of that kind.
    const objects = (this.#collections.get(id) as Collection<R> | undefined) ?? this.#collect(kind, parent);
    const release = objects.addReader();
    if (this.#live !== undefined && objects.isIdle) this.#read(objects, this.#live.connection);
    return {
      objects,
      dispose: () => {
        release();
        if (objects.readers === 0 && this.#collections.get(id) === objects) this.#collections.delete(id);
      },
    };
  }

  /**
   * Reads one object again, for changes that libvirt has no event for. Does nothing while nobody reads its kind.
   * @throws Error when it cannot be read; one that is gone is simply removed
   */
  async refresh({ kind, key, parent }: ObjectName): Promise<void> {
    await this.#collections.get(collectionId(kind, parent))?.refresh(key);
  }

  /** What is known of an object that somebody reads; undefined for any other. */
  record({ kind, key, parent }: ObjectName): ObjectRecord | undefined {
    return this.#collections.get(collectionId(kind, parent))?.records.get(key);
  }

  /** Reads all objects of a kind (in `parent`) again. Does nothing while nobody reads them. @throws Error */
  async refreshAll(kind: KindName, parent?: string): Promise<void> {
    await this.#collections.get(collectionId(kind, parent))?.reload();
  }

  /** Reads all again that somebody reads; does nothing while it is not connected. */
  async reload(): Promise<void> {
    await Promise.all([...this.#collections.values()].map((objects) => objects.reload()));
  }

  /** Fills in the vCPUs and memory of every domain in the background: call it when they are about to be seen. */
  completeDomains(): void {
    this.#domains?.complete();
  }

  #collect<R extends ObjectRecord>(kind: Kind<R>, parent: string | undefined): Collection<R> {
    const objects = new Collection(kind, parent, {
      changed: (changes) => this.#changes.emit({ kind: 'objects', of: kind.name, parent, ...changes }),
      failed: (error) => this.#errors.emit(error),
    });
    this.#collections.set(collectionId(kind.name, parent), objects);
    return objects;
  }

  /** In the background. A driver that does not have the kind is no error: its objects say so where they are shown. */
  #read(objects: Collection<ObjectRecord>, connection: Connection): void {
    objects
      .attach(connection)
      .then(() => objects.announceStart())
      .catch((error: unknown) => {
        if (!(error instanceof ConnectionClosedError || isLibvirtError(error))) this.#errors.emit(error);
      });
  }

  #detachAll(remember: boolean): void {
    for (const objects of this.#collections.values()) objects.detach(remember);
  }

  #attempt(quiet: boolean): Promise<Live> {
    if (this.#connecting !== undefined) return this.#connecting.done;
    this.#outage.pause();
    const abort = new AbortController();
    const done = this.#open(abort.signal, quiet).finally(() => {
      // After a disconnect there may be a newer attempt.
      if (this.#connecting?.abort === abort) this.#connecting = undefined;
    });
    this.#connecting = { done, abort };
    // While a link is being restored, an attempt more changes nothing of what is shown.
    if (!this.#outage.isOn) this.#setStatus({ kind: 'connecting' });
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
      this.#outage.end();
      this.#followEnd(live);
      this.#setStatus({ kind: 'connected', facts: live.facts });
      this.#domains?.announceStart();
      for (const objects of this.#collections.values()) if (objects.isIdle) this.#read(objects, connection);
      return live;
    } catch (cause) {
      if (cancelled.aborted) throw abortReason(cancelled);
      const error = this.#outage.isOn ? whileLost(asError(cause)) : asError(cause);
      this.#fail(error, quiet);
      throw error;
    }
  }

  /** Reads what is on the host; gives up, and ends the connection, when that is cancelled or takes too long. */
  async #load(connection: Connection, cancelled: AbortSignal): Promise<Live> {
    const signal = AbortSignal.any([cancelled, AbortSignal.timeout(LOAD_TIMEOUT_MS)]);
    const giveUp = () => connection.close();
    signal.addEventListener('abort', giveUp);
    try {
      // How domains are read is loaded with the first connection.
      const { domainKind } = await import('./kinds/domain.ts');
      this.#domains ??= this.watch(domainKind).objects;
      const [facts] = await Promise.all([readFacts(connection), this.#domains.attach(connection)]);
      signal.throwIfAborted();
      return { connection, facts };
    } catch (error) {
      connection.close();
      // Who cancelled has done so, and the domains may be another attempt's by now.
      if (!cancelled.aborted) this.#domains?.detach(true);
      throw signal.aborted && !cancelled.aborted ? tooSlow(error) : error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  #followEnd(live: Live): void {
    void live.connection.closed.then((reason) => {
      if (this.#live !== live || reason === undefined) return;
      this.#live = undefined;
      this.#detachAll(true);
      this.#setStatus({ kind: 'reconnecting', error: reason });
      this.#outage.begin();
    });
  }

  /** A link that was lost goes on being restored, whoever made the attempt, until only a person can help. */
  #fail(error: Error, quiet: boolean): void {
    if (this.#outage.isOn && !isForPerson(error)) {
      this.#setStatus({ kind: 'reconnecting', error });
      this.#outage.goOn(quiet);
      return;
    }
    this.#outage.end();
    this.#detachAll(false);
    this.#setStatus({ kind: 'failed', error });
  }

  #setStatus(status: HostStatus): void {
    this.#status = status;
    this.#changes.emit({ kind: 'status' });
  }
}

function isForPerson(error: Error): boolean {
  return error instanceof TransportError && FOR_A_PERSON.has(error.code);
}

function collectionId(kind: KindName, parent: string | undefined): string {
  return parent === undefined ? kind : `${kind} ${parent}`;
}

/** Nothing is loaded before the first connection: most windows of an editor never make one. */
async function connectAlone(uri: string, signal: AbortSignal): Promise<Connection> {
  const { connect } = await import('../../client/libvirt/connect.ts');
  return connect(uri, signal);
}

function tooSlow(cause: unknown): TransportError {
  return new TransportError(
    'timeout',
    t('The host did not say what is on it within {0} s', LOAD_TIMEOUT_MS / 1000),
    t('Check that its libvirt daemon is not stuck. Restarting it does not affect running guests.'),
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
