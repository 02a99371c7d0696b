import { join } from 'node:path';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { DomainTarget } from '../../model/inventory/domain-target.ts';
import type { Host } from '../../model/inventory/host.ts';
import type { Inventory, InventoryChange } from '../../model/inventory/inventory.ts';
import { DisposableList } from '../ui/disposable-list.ts';
import type { Presenter } from '../ui/presenter.ts';
import { findAddress } from '../../engines/environment/access/find-address.ts';
import { closePorts, openPorts } from '../../engines/environment/access/reach.ts';
import { type DroppedGuest, findDropped } from '../../engines/environment/deploy/dropped.ts';
import { findGuest } from '../../engines/environment/deploy/find-guest.ts';
import { Forwards } from '../../engines/environment/deploy/forwards.ts';
import type { Services } from '../../engines/environment/deploy/services.ts';
import type { DeclaredGuest, Environment } from '../../engines/environment/file/model.ts';
import type { GuestType } from '../../model/guest/guest-spec.ts';
import { visibleOutput } from '../../model/text/visible.ts';
import { isWorthLooking } from '../../model/operations/host/find-host.ts';
import { ImageStore } from '../../engines/environment/images/image-store.ts';
import { addedImages, imageFolder } from './settings.ts';
import { ChangedDomains, isConcerned } from './concerned.ts';
import { EnvironmentEntry, type UndeclaredGuest } from './entry.ts';
import type { DroppedNode } from './view/nodes.ts';
import { PLAN_SCHEME, PlanTexts } from './view/plan-texts.ts';
import { HostFinder } from './host-finder.ts';
import { Lanes } from './lanes.ts';

export interface EnvironmentParts {
  readonly inventory: Inventory;
  readonly presenter: Presenter;
  readonly hostsKnown: Promise<void>;
  /** Private to this user and machine: where keys are kept. */
  readonly storage: vscode.Uri;
  readonly memory: vscode.Memento;
  readonly extensionUri: vscode.Uri;
  /** Opens the serial console of a domain in a terminal; of the console's part. */
  readonly openConsole: (target: DomainTarget) => Promise<unknown>;
  /** The host that the Hosts view has selected, where somebody sees it. */
  readonly selectedHost: () => Host | undefined;
}

/** Verbs that Up offers when it is done. They use Up themselves, so it is given them and does not import them. */
export interface FollowUps {
  reload(environments: Environments, entry: EnvironmentEntry, guest: string): Promise<unknown>;
  rebuild(environments: Environments, entry: EnvironmentEntry, guest: string): Promise<unknown>;
  provision(environments: Environments, entry: EnvironmentEntry, guest: string): Promise<unknown>;
  destroyDropped(environments: Environments, node: DroppedNode): Promise<unknown>;
}

const FILES = '**/kvm.{yaml,yml}';
const NOT_IN = '**/{node_modules,.git,dist,build,target}/**';
const MAX_FILES = 50;
/** Events of one change come together. */
const QUIET_MS = 80;
/** A guest's address has no event: it is asked for while somebody looks, ever more seldom. */
const ADDRESS_PAUSES_MS = [500, 1000, 1000, 2000, 2000, 4000, 8000, 15_000];

/** Every kvm.yaml of the workspace with the state of its guests, kept current by the inventory's events. */
export class Environments implements vscode.Disposable {
  readonly parts: EnvironmentParts;
  readonly followUps: FollowUps;
  readonly hosts: HostFinder;
  readonly images: ImageStore;
  readonly forwards = new Forwards();
  readonly plans = new PlanTexts();
  readonly output: vscode.OutputChannel;
  readonly onDidChange: vscode.Event<EnvironmentEntry | undefined>;
  readonly #changed = new vscode.EventEmitter<EnvironmentEntry | undefined>();
  readonly #disposables = new DisposableList();
  readonly #addressTimers = new Map<string, NodeJS.Timeout>();
  #entries: readonly EnvironmentEntry[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** What is to be looked at when the timer is over; undefined for everything. */
  #pending: ChangedDomains | undefined = new ChangedDomains();
  /** Each host is asked one thing after the other: one that is silent keeps nobody from the others. */
  readonly #lanes = new Lanes();
  /** What files declare no more, by the ids of the hosts that were looked at. */
  readonly #dropped = new WeakMap<EnvironmentEntry, Map<string, readonly UndeclaredGuest[]>>();

  constructor(parts: EnvironmentParts, followUps: FollowUps) {
    this.parts = parts;
    this.followUps = followUps;
    this.hosts = new HostFinder(parts.inventory, parts.hostsKnown, () => vscode.workspace.isTrusted);
    this.images = new ImageStore(imageFolder(), addedImages);
    // not for people: a name
    this.output = vscode.window.createOutputChannel('KVM Workspace');
    this.onDidChange = this.#changed.event;
    const watcher = vscode.workspace.createFileSystemWatcher('**/kvm.{yaml,yml}');
    this.#disposables.add(
      this.output,
      this.#changed,
      this.plans,
      vscode.workspace.registerTextDocumentContentProvider(PLAN_SCHEME, this.plans),
      watcher,
      watcher.onDidCreate(() => void this.findFiles()),
      watcher.onDidDelete(() => void this.findFiles()),
      watcher.onDidChange((uri) => void this.reload(uri)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => void this.reload(document.uri)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.findFiles()),
      new vscode.Disposable(parts.inventory.onChange((change) => this.#followInventory(change))),
    );
  }

  get entries(): readonly EnvironmentEntry[] {
    return this.#entries;
  }

  entry(uri: vscode.Uri): EnvironmentEntry | undefined {
    return this.#entries.find((entry) => entry.uri.toString() === uri.toString());
  }

  /** Looks for the files again. */
  async findFiles(): Promise<void> {
    const found = (await vscode.workspace.findFiles(FILES, NOT_IN, MAX_FILES)).toSorted((a, b) =>
      a.path.localeCompare(b.path),
    );
    const previous = this.#entries;
    this.#entries = found.map((uri) => this.entry(uri) ?? this.#follow(uri));
    for (const entry of previous) if (!this.#entries.includes(entry)) entry.dispose();
    await Promise.all(this.#entries.map((entry) => this.#load(entry)));
    await vscode.commands.executeCommand('setContext', 'kvm.hasEnvironment', this.#entries.length > 0);
    await vscode.commands.executeCommand('setContext', 'kvm.environmentsKnown', true);
    this.#changed.fire(undefined);
    await this.look();
  }

  async reload(uri: vscode.Uri): Promise<void> {
    const entry = this.entry(uri);
    if (entry === undefined) return;
    await this.#load(entry);
    this.#lookSoon();
  }

  /**
   * Reads the state of guests whose host may be looked at without asking anybody: of all, or of those that changed
   * domains may concern. Settles when all hosts have answered, which one that is silent does late.
   */
  async look(changed?: ChangedDomains): Promise<void> {
    await Promise.all(
      this.#entries.flatMap((entry) => [
        ...(entry.environment?.guests ?? []).map((guest) => this.#lookAt(entry, guest, changed)),
        this.#lookForDropped(entry),
      ]),
    );
  }

  services(entry: EnvironmentEntry): Services {
    const { memory, storage } = this.parts;
    return {
      id: entry.id,
      file: entry.uri.fsPath,
      folder: join(storage.fsPath, 'environments', entry.id),
      images: this.images,
      forwards: this.forwards,
      report: (guest, phase) => entry.setPhase(guest, phase),
      output: (guest, text) => this.output.append(visibleOutput(text).replaceAll(/^(?=.)/gmu, `${guest} | `)),
      acceleration: (guest) => memory.get<GuestType>(accelerationKey(entry, guest)),
      stalled: () => undefined,
    };
  }

  async rememberAcceleration(
    entry: EnvironmentEntry,
    guest: string,
    type: GuestType | undefined,
  ): Promise<void> {
    await this.parts.memory.update(accelerationKey(entry, guest), type);
  }

  /** What Up made for a file that declares it no more, on its hosts and all others that are connected. */
  async findDropped(entry: EnvironmentEntry): Promise<readonly DroppedGuest[]> {
    const { environment } = entry;
    if (environment === undefined) return [];
    return this.#droppedOn(entry, environment, this.#connected);
  }

  /** Ends with it. */
  own(...disposables: readonly vscode.Disposable[]): void {
    this.#disposables.add(...disposables);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const timer of this.#addressTimers.values()) clearTimeout(timer);
    this.#disposables.dispose();
    for (const entry of this.#entries) entry.dispose();
    this.forwards.closeAll();
  }

  #follow(uri: vscode.Uri): EnvironmentEntry {
    const entry = new EnvironmentEntry(uri, () => addedImages().map(({ name }) => name));
    entry.onDidChange(() => this.#changed.fire(entry));
    return entry;
  }

  async #load(entry: EnvironmentEntry): Promise<void> {
    try {
      await entry.load();
    } catch (error) {
      this.parts.presenter.background(`Could not read ${entry.uri.fsPath}`, error);
    }
  }

  #followInventory(change: InventoryChange): void {
    if (change.kind === 'hosts' || change.change.kind === 'status') this.#lookSoon();
    else if (change.change.of === 'domain') {
      const { added, changed, removed, touched } = change.change;
      this.#pending?.add(change.host.id, [...added, ...changed, ...removed, ...touched]);
      this.#startTimer();
    }
  }

  #lookSoon(): void {
    this.#pending = undefined;
    this.#startTimer();
  }

  #startTimer(): void {
    this.#timer ??= setTimeout(() => {
      const pending = this.#pending;
      this.#timer = undefined;
      this.#pending = new ChangedDomains();
      void this.look(pending);
    }, QUIET_MS);
  }

  async #lookAt(
    entry: EnvironmentEntry,
    guest: DeclaredGuest,
    changed: ChangedDomains | undefined,
  ): Promise<void> {
    try {
      const host = await this.hosts.host(guest.host);
      const status = entry.status(guest.name);
      if (changed !== undefined && !isConcerned(guest.domain, status, changed.of(host.id), host.domains))
        return;
      const name = `${entry.id} ${guest.name}`;
      await this.#lanes.do(host.id, name, () => this.#lookAtGuest(entry, guest, host));
    } catch (error) {
      entry.setStatus(guest.name, { kind: 'unknown', why: reasonOf(error) });
    }
  }

  get #connected(): readonly Host[] {
    return this.parts.inventory.hosts.filter((host) => host.status.kind === 'connected');
  }

  async #droppedOn(
    entry: EnvironmentEntry,
    environment: Environment,
    hosts: readonly Host[],
  ): Promise<readonly DroppedGuest[]> {
    const found = await Promise.all(hosts.map(async (host) => this.hosts.of(host, await host.connect())));
    return findDropped(environment, entry.id, found, async (name) => (await this.hosts.host(name)).name);
  }

  async #lookForDropped(entry: EnvironmentEntry): Promise<void> {
    const hosts = this.#connected;
    const known = this.#dropped.get(entry);
    const found = new Map(hosts.map(({ id }) => [id, known?.get(id) ?? []]));
    this.#dropped.set(entry, found);
    entry.setDropped([...found.values()].flat());
    await Promise.all(
      hosts.map((host) =>
        this.#lanes.do(host.id, entry.id, async () => {
          await this.#lookForDroppedOn(entry, host);
        }),
      ),
    );
  }

  async #lookForDroppedOn(entry: EnvironmentEntry, host: Host): Promise<void> {
    const { environment } = entry;
    if (environment === undefined) return;
    try {
      const dropped = await this.#droppedOn(entry, environment, [host]);
      // A later look may know more hosts, or fewer.
      const found = this.#dropped.get(entry);
      if (found?.has(host.id) !== true) return;
      found.set(
        host.id,
        dropped.map((each) => ({ ...each.guest, host: each.host.name, running: each.found.running })),
      );
      entry.setDropped([...found.values()].flat());
    } catch (error) {
      this.parts.presenter.background(`Could not look for what ${entry.uri.fsPath} has no more`, error);
    }
  }

  /** @throws Error when the host cannot be asked. */
  async #lookAtGuest(entry: EnvironmentEntry, guest: DeclaredGuest, host: Host): Promise<void> {
    if (!isWorthLooking(host)) {
      entry.setStatus(guest.name, { kind: 'unknown', why: t('{0} is not connected', host.name) });
      return;
    }
    const environmentHost = this.hosts.of(host, await host.connect());
    const found = await findGuest(environmentHost.connection, guest.domain);
    if (found?.record?.id !== entry.id) {
      entry.setStatus(guest.name, { kind: found === undefined ? 'absent' : 'foreign' });
      return;
    }
    const { ref, running, restartPending, state } = found;
    if (!running) closePorts(this.forwards, ref);
    const mayHaveAddress = running && mayGetAddress(guest);
    const address = mayHaveAddress ? await findAddress(environmentHost.connection, ref) : undefined;
    const status = { kind: 'there', running, restartPending, uuid: ref.uuid, state, address } as const;
    const known = entry.status(guest.name);
    entry.setStatus(guest.name, known?.kind === 'there' && running ? { ...known, ...status } : status);
    // After a reload, this window opens the ports of guests that kept running.
    if (running && !entry.isBusy && vscode.workspace.isTrusted) {
      const open = openPorts({ guest, host: environmentHost, ref, forwards: this.forwards });
      // It runs all the same.
      const closedPorts = await open.then(() => undefined, reasonOf);
      entry.setStatus(guest.name, { ...status, closedPorts });
    }
    if (mayHaveAddress && address === undefined) this.#askForAddress(entry, guest.name, 0);
  }

  #askForAddress(entry: EnvironmentEntry, name: string, attempt: number): void {
    const key = `${entry.id} ${name}`;
    const pause = ADDRESS_PAUSES_MS[attempt];
    if (pause === undefined || this.#addressTimers.has(key)) return;
    const timer = setTimeout(() => {
      const guest = entry.guest(name);
      const looked = guest === undefined ? Promise.resolve() : this.#lookAt(entry, guest, undefined);
      void looked.finally(() => {
        this.#addressTimers.delete(key);
        const status = entry.status(name);
        if (status?.kind === 'there' && status.running && status.address === undefined)
          this.#askForAddress(entry, name, attempt + 1);
      });
    }, pause);
    timer.unref();
    this.#addressTimers.set(key, timer);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Behind user networking a guest has an address of its own that leads nowhere. */
function mayGetAddress({ networks }: DeclaredGuest): boolean {
  return networks === undefined || networks.some(({ to }) => to.kind !== 'user' && to.kind !== 'passt');
}

function accelerationKey(entry: EnvironmentEntry, guest: string): string {
  return `kvm.acceleration ${entry.id} ${guest}`;
}
