import { join } from 'node:path';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Inventory, InventoryChange } from '../../model/inventory/inventory.ts';
import { DisposableList } from '../ui/disposable-list.ts';
import type { Presenter } from '../ui/presenter.ts';
import { findAddress } from '../../engines/environment/access/find-address.ts';
import { closePorts, openPorts } from '../../engines/environment/access/reach.ts';
import { type DroppedGuest, findDropped } from '../../engines/environment/deploy/dropped.ts';
import { findGuest } from '../../engines/environment/deploy/find-guest.ts';
import { Forwards } from '../../engines/environment/deploy/forwards.ts';
import type { Services } from '../../engines/environment/deploy/services.ts';
import type { DeclaredGuest } from '../../engines/environment/file/model.ts';
import type { GuestType } from '../../model/guest/guest-spec.ts';
import { visibleOutput } from '../../model/text/visible.ts';
import { isWorthLooking } from '../../model/operations/host/find-host.ts';
import { ImageStore } from '../../engines/environment/images/image-store.ts';
import { addedImages, imageFolder } from './settings.ts';
import { ChangedDomains, isConcerned } from './concerned.ts';
import { EnvironmentEntry } from './entry.ts';
import type { DroppedNode } from './view/nodes.ts';
import { PLAN_SCHEME, PlanTexts } from './view/plan-texts.ts';
import { HostFinder } from './host-finder.ts';

export interface EnvironmentParts {
  readonly inventory: Inventory;
  readonly presenter: Presenter;
  readonly hostsKnown: Promise<void>;
  /** Private to this user and machine: where keys are kept. */
  readonly storage: vscode.Uri;
  readonly memory: vscode.Memento;
  readonly extensionUri: vscode.Uri;
  /** Opens the serial console of a domain in a terminal; of the console's part. */
  readonly openConsole: (hostId: string, uuid: string) => Promise<unknown>;
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
  #looking: Promise<void> = Promise.resolve();

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
   * domains may concern.
   */
  look(changed?: ChangedDomains): Promise<void> {
    this.#looking = this.#looking
      .then(() => Promise.all(this.#entries.map((entry) => this.#lookAt(entry, changed))))
      .then(
        () => undefined,
        (error: unknown) =>
          this.parts.presenter.background('Could not read the guests of the workspace', error),
      );
    return this.#looking;
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
    const hosts = await Promise.all(
      this.parts.inventory.hosts
        .filter((host) => host.status.kind === 'connected')
        .map(async (host) => this.hosts.of(host, await host.connect())),
    );
    return findDropped(environment, entry.id, hosts, async (name) => (await this.hosts.host(name)).name);
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

  async #lookAt(entry: EnvironmentEntry, changed: ChangedDomains | undefined): Promise<void> {
    for (const guest of entry.environment?.guests ?? [])
      if (changed === undefined || (await this.#isConcerned(entry, guest, changed)))
        await this.#lookAtGuest(entry, guest);
    await this.#lookForDropped(entry);
  }

  async #isConcerned(
    entry: EnvironmentEntry,
    guest: DeclaredGuest,
    changed: ChangedDomains,
  ): Promise<boolean> {
    const host = await this.hosts.host(guest.host).catch(() => undefined);
    // Why there is no such host is told where the guest is looked at.
    if (host === undefined) return true;
    return isConcerned(guest.domain, entry.status(guest.name), changed.of(host.id), host.domains);
  }

  async #lookForDropped(entry: EnvironmentEntry): Promise<void> {
    try {
      const dropped = await this.findDropped(entry);
      entry.setDropped(
        dropped.map(({ guest, host, found }) => ({ ...guest, host: host.name, running: found.running })),
      );
    } catch (error) {
      this.parts.presenter.background(`Could not look for what ${entry.uri.fsPath} has no more`, error);
    }
  }

  async #lookAtGuest(entry: EnvironmentEntry, guest: DeclaredGuest): Promise<void> {
    try {
      const host = await this.hosts.host(guest.host);
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
      // A window that was opened again leads to the guests that ran on.
      if (running && !entry.isBusy && vscode.workspace.isTrusted) {
        const open = openPorts({ guest, host: environmentHost, ref, forwards: this.forwards });
        // It runs all the same.
        const closedPorts = await open.then(() => undefined, reasonOf);
        entry.setStatus(guest.name, { ...status, closedPorts });
      }
      if (mayHaveAddress && address === undefined) this.#askForAddress(`${entry.id} ${guest.name}`, 0);
    } catch (error) {
      entry.setStatus(guest.name, {
        kind: 'unknown',
        why: reasonOf(error),
      });
    }
  }

  #askForAddress(key: string, attempt: number): void {
    const pause = ADDRESS_PAUSES_MS[attempt];
    if (pause === undefined || this.#addressTimers.has(key)) return;
    const timer = setTimeout(() => {
      void this.look().finally(() => {
        this.#addressTimers.delete(key);
        const [id, guest = ''] = key.split(' ');
        const status = this.#entries.find((entry) => entry.id === id)?.status(guest);
        if (status?.kind === 'there' && status.running && status.address === undefined)
          this.#askForAddress(key, attempt + 1);
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
