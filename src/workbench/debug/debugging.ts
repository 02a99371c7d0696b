import * as vscode from 'vscode';
import type { DomainTarget } from '../../model/inventory/domain-target.ts';
import { DisposableList } from '../ui/disposable-list.ts';
import { Lazy } from '../ui/lazy.ts';
import { watchForCrashes } from './crash-watch.ts';
import type { DebugParts } from './parts.ts';
import type { DebugSessions } from './sessions.ts';

/** The type of our debug configurations. */
const KVM = 'kvm';
/** How long after the start of the editor it looks for sessions that were cut off. */
const AFTER_START_MS = 2_000;

/** Loaded with the first question. */
const provider = () => import('./provider.ts');
/** Loaded with the first guest that is in trouble. */
const offers = () => import('./offers.ts');

/** The debug type `kvm`. Nothing of it is loaded before a session begins, or an old one has to be cleaned up. */
export class Debugging implements vscode.Disposable {
  readonly #parts: DebugParts;
  readonly #sessions: Lazy<DebugSessions>;
  readonly #disposables: DisposableList;
  /** The domains that are being debugged, by the id of their target. */
  readonly #debugged = new Set<string>();

  constructor(parts: DebugParts) {
    this.#parts = parts;
    this.#sessions = new Lazy(async () => {
      const { DebugSessions } = await import('./sessions.ts');
      return new DebugSessions(parts, this.#debugged);
    });
    const soon = setTimeout(() => void this.#cleanUp(), AFTER_START_MS);
    this.#disposables = new DisposableList(
      this.#sessions,
      new vscode.Disposable(() => clearTimeout(soon)),
      watchForCrashes(parts.inventory, (target) => this.#debugged.has(target.id), {
        panicked: async (target) =>
          (await offers()).offerAfterPanic(target, (guest) => this.debug(guest), parts.dumpMemory),
        paused: async (target) => (await offers()).offerToResume(target, parts.presenter),
      }),
      ...this.#registerProviders(),
      vscode.debug.registerDebugAdapterDescriptorFactory(KVM, {
        createDebugAdapterDescriptor: async (session) => (await this.#sessions.get()).start(session),
      }),
      vscode.debug.onDidTerminateDebugSession(
        (session) => void this.#sessions.peek().then((all) => all?.end(session)),
      ),
    );
  }

  /** Starts a session on a domain: as a launch.json says, else with the usual configuration. */
  async debug(target: DomainTarget): Promise<void> {
    const { chooseConfiguration } = await provider();
    const choice = await chooseConfiguration(target);
    if (choice !== undefined) await vscode.debug.startDebugging(choice.folder, choice.configuration);
  }

  /** The configuration of such a session, for a launch.json. */
  async configuration(target: DomainTarget): Promise<vscode.DebugConfiguration | undefined> {
    return (await provider()).configurationFor(target);
  }

  /** QEMU's monitor in a terminal. */
  async openMonitor(target: DomainTarget): Promise<void> {
    const { openMonitor } = await import('./monitor/open.ts');
    openMonitor(target, this.#parts.presenter);
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #registerProviders(): readonly vscode.Disposable[] {
    const { Initial, Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
    const offer = { provideDebugConfigurations: async () => (await provider()).guestsAtHand(this.#parts) };
    return [
      vscode.debug.registerDebugConfigurationProvider(KVM, offer, Initial),
      vscode.debug.registerDebugConfigurationProvider(KVM, offer, Dynamic),
      vscode.debug.registerDebugConfigurationProvider(KVM, {
        resolveDebugConfiguration: async (_folder, configuration) =>
          (await provider()).completeConfiguration(this.#parts, configuration),
        resolveDebugConfigurationWithSubstitutedVariables: async (folder, configuration) =>
          (await this.#sessions.get()).check(configuration, folder),
      }),
    ];
  }

  /** Cleans up after sessions that the end of an editor cut off. Costs a look into a folder when there are none. */
  async #cleanUp(): Promise<void> {
    const { readdir } = await import('node:fs/promises');
    const notes = await readdir(this.#parts.storage).catch(() => []);
    if (notes.length > 0) await (await this.#sessions.get()).cleanUpOrphans();
  }
}
