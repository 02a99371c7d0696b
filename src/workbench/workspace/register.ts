import * as vscode from 'vscode';
import type { CommandsOf } from '../manifest/commands.ts';
import { entriesOf, register } from '../ui/commands.ts';
import type { GuestTasks } from './tasks.ts';
import type { Target } from './verbs/targets.ts';
import type { EnvironmentParts, Environments, FollowUps } from './environments.ts';
import { WorkspaceView } from './view/workspace-view.ts';

/** What the explorer gives is a file, and all that are selected with it. */
type Verb = (environments: Environments, given: unknown, selected: unknown) => Promise<unknown>;

const onTargets =
  (run: (environments: Environments, target: Target) => Promise<unknown>): Verb =>
  async (environments, given) => {
    const { targetOf } = await import('./verbs/targets.ts');
    const target = await targetOf(environments, given);
    return target === undefined ? undefined : run(environments, target);
  };

/** Each loads what it needs when it is used. */
const VERBS: Readonly<Record<CommandsOf<'kvm.environment'>, Verb>> = {
  'kvm.environment.up': onTargets(async (...args) => (await import('./verbs/up.ts')).upGuests(...args)),
  'kvm.environment.down': onTargets(async (...args) => (await import('./verbs/down.ts')).downGuests(...args)),
  'kvm.environment.reload': onTargets(async (...args) =>
    (await import('./verbs/down.ts')).reloadGuests(...args),
  ),
  'kvm.environment.destroy': onTargets(async (...args) =>
    (await import('./verbs/down.ts')).destroyGuests(...args),
  ),
  'kvm.environment.destroyDropped': async (environments, given) =>
    (await import('./verbs/down.ts')).destroyDropped(environments, given),
  'kvm.environment.rebuild': onTargets(async (...args) =>
    (await import('./verbs/down.ts')).rebuildGuests(...args),
  ),
  'kvm.environment.plan': onTargets(async (...args) => (await import('./verbs/plan.ts')).showPlan(...args)),
  'kvm.environment.provision': async (environments, given) =>
    (await import('./verbs/ssh.ts')).provisionGuests(environments, given),
  'kvm.environment.ssh': async (environments, given) =>
    (await import('./verbs/ssh.ts')).openSsh(environments, given),
  'kvm.environment.openFolder': async (environments, given) =>
    (await import('./verbs/open-folder.ts')).openFolderInGuest(environments, given),
  'kvm.environment.copyTo': async (...args) => (await import('./verbs/copy.ts')).copyToGuest(...args),
  'kvm.environment.copyFrom': async (environments, given) =>
    (await import('./verbs/copy.ts')).copyOutOfGuest(environments, given),
  'kvm.environment.openConsole': async (environments, given) =>
    (await import('./verbs/open.ts')).openConsole(environments, given),
  'kvm.environment.openPort': async (environments, given) =>
    (await import('./verbs/open.ts')).openPort(environments, given),
  'kvm.environment.openFile': onTargets(async (_, { entry }) => vscode.window.showTextDocument(entry.uri)),
  'kvm.environment.new': async (environments) => (await import('./verbs/new-file.ts')).newFile(environments),
  'kvm.environment.createFromImage': async (environments, given) =>
    (await import('./verbs/create.ts')).createFromImage(environments, given),
  'kvm.environment.import': async (environments, given) =>
    (await import('./verbs/import.ts')).importGuest(environments, given),
  'kvm.environment.createFromIso': async (environments, given) =>
    (await import('./verbs/create.ts')).createFromIso(environments, given),
  'kvm.environment.bootFile': async (environments, given) =>
    (await import('./verbs/boot.ts')).bootFile(environments, given),
  'kvm.environment.copyAddress': async (environments, given) =>
    (await import('./verbs/open.ts')).copyAddress(environments, given),
  // VS Code itself has this one for every view.
  'kvm.environment.status': () => Promise.resolve(vscode.commands.executeCommand('kvm.workspace.focus')),
};

const FOLLOW_UPS: FollowUps = {
  reload: async (environments, entry, guest) =>
    (await import('./verbs/down.ts')).reloadGuests(environments, { entry, guests: [guest] }),
  rebuild: async (environments, entry, guest) =>
    (await import('./verbs/down.ts')).rebuildGuests(environments, { entry, guests: [guest] }),
  provision: async (environments, { uri }, guest) =>
    (await import('./verbs/ssh.ts')).provisionGuests(environments, { uri, guest }),
  destroyDropped: async (environments, node) =>
    (await import('./verbs/down.ts')).destroyDropped(environments, node),
};

/** The Workspace view, and what is done with the guests that a kvm.yaml declares. Nothing is loaded before it is used. */
export function registerEnvironment(parts: EnvironmentParts): vscode.Disposable {
  const loader = new Loader(parts);
  const view = new WorkspaceView(() => loader.load(), parts.extensionUri);
  loader.onLoad((environments) => view.show(environments));
  const commands = entriesOf(VERBS).map(([id, run]) =>
    register(id, async (given, selected) => run(await loader.load(), given, selected)),
  );
  const tasks = vscode.tasks.registerTaskProvider('kvm', {
    provideTasks: async () => (await loader.tasks()).provideTasks(),
    resolveTask: async (task: vscode.Task) => (await loader.tasks()).resolveTask(task),
  });
  void loader.loadWhereUsed();
  return vscode.Disposable.from(loader, view, tasks, ...commands);
}

/** Has the environments made once, when they are first needed. */
class Loader implements vscode.Disposable {
  readonly #parts: EnvironmentParts;
  readonly #listeners: ((environments: Environments) => void)[] = [];
  #loaded: Promise<Environments> | undefined;
  #disposed = false;

  constructor(parts: EnvironmentParts) {
    this.#parts = parts;
  }

  onLoad(listener: (environments: Environments) => void): void {
    this.#listeners.push(listener);
  }

  load(): Promise<Environments> {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  async tasks(): Promise<GuestTasks> {
    const { GuestTasks } = await import('./tasks.ts');
    return new GuestTasks(() => this.load());
  }

  /** A workspace with a kvm.yaml at its top shows it in the status bar; others pay nothing. */
  async loadWhereUsed(): Promise<void> {
    for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
      const file = vscode.Uri.joinPath(uri, 'kvm.yaml');
      const there = await Promise.resolve(vscode.workspace.fs.stat(file)).then(
        () => true,
        () => false,
      );
      if (there && !this.#disposed) {
        await this.load();
        return;
      }
    }
  }

  dispose(): void {
    this.#disposed = true;
    void this.#loaded?.then((environments) => environments.dispose());
  }

  async #load(): Promise<Environments> {
    const { Environments } = await import('./environments.ts');
    const environments = new Environments(this.#parts, FOLLOW_UPS);
    const { registerFeatures } = await import('./features.ts');
    registerFeatures(environments);
    await environments.findFiles();
    for (const listener of this.#listeners) listener(environments);
    return environments;
  }
}
