import * as vscode from 'vscode';
import type { GuestTasks } from './tasks.ts';
import type { Target } from './verbs/targets.ts';
import type { EnvironmentParts, Environments } from './environments.ts';
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
const VERBS: Readonly<Record<string, Verb>> = {
  up: onTargets(async (...args) => (await import('./verbs/up.ts')).upGuests(...args)),
  down: onTargets(async (...args) => (await import('./verbs/down.ts')).downGuests(...args)),
  reload: onTargets(async (...args) => (await import('./verbs/down.ts')).reloadGuests(...args)),
  destroy: onTargets(async (...args) => (await import('./verbs/down.ts')).destroyGuests(...args)),
  destroyDropped: async (environments, given) =>
    (await import('./verbs/down.ts')).destroyDropped(environments, given),
  rebuild: onTargets(async (...args) => (await import('./verbs/down.ts')).rebuildGuests(...args)),
  plan: onTargets(async (...args) => (await import('./verbs/plan.ts')).showPlan(...args)),
  provision: async (environments, given) =>
    (await import('./verbs/ssh.ts')).provisionGuests(environments, given),
  ssh: async (environments, given) => (await import('./verbs/ssh.ts')).openSsh(environments, given),
  openFolder: async (environments, given) =>
    (await import('./verbs/open-folder.ts')).openFolderInGuest(environments, given),
  copyTo: async (...args) => (await import('./verbs/copy.ts')).copyToGuest(...args),
  copyFrom: async (environments, given) =>
    (await import('./verbs/copy.ts')).copyOutOfGuest(environments, given),
  openConsole: async (environments, given) =>
    (await import('./verbs/open.ts')).openConsole(environments, given),
  openPort: async (environments, given) => (await import('./verbs/open.ts')).openPort(environments, given),
  openFile: onTargets(async (_, { entry }) => vscode.window.showTextDocument(entry.uri)),
  new: async (environments) => (await import('./verbs/create.ts')).newFile(environments),
  createFromImage: async (environments, given) =>
    (await import('./verbs/create.ts')).createFromImage(environments, given),
  import: async (environments, given) => (await import('./verbs/import.ts')).importGuest(environments, given),
  createFromIso: async (environments, given) =>
    (await import('./verbs/create.ts')).createFromIso(environments, given),
  bootFile: async (environments, given) => (await import('./verbs/boot.ts')).bootFile(environments, given),
  copyAddress: async (environments, given) =>
    (await import('./verbs/open.ts')).copyAddress(environments, given),
};

/** The Workspace view, and what is done with the guests that a kvm.yaml declares. Nothing is loaded before it is used. */
export function registerEnvironment(parts: EnvironmentParts): vscode.Disposable {
  const loader = new Loader(parts);
  const view = new WorkspaceView(() => loader.load(), parts.extensionUri);
  loader.onLoad((environments) => view.show(environments));
  const commands = Object.entries(VERBS).map(([name, run]) =>
    vscode.commands.registerCommand(`kvm.environment.${name}`, async (given: unknown, selected: unknown) =>
      run(await loader.load(), given, selected),
    ),
  );
  const status = vscode.commands.registerCommand('kvm.environment.status', () =>
    vscode.commands.executeCommand('kvm.workspace.focus'),
  );
  const tasks = vscode.tasks.registerTaskProvider('kvm', {
    provideTasks: async () => (await loader.tasks()).provideTasks(),
    resolveTask: async (task: vscode.Task) => (await loader.tasks()).resolveTask(task),
  });
  void loader.loadWhereUsed();
  return vscode.Disposable.from(loader, view, status, tasks, ...commands);
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
    const environments = new Environments(this.#parts);
    const { registerFeatures } = await import('./features.ts');
    registerFeatures(environments);
    await environments.findFiles();
    for (const listener of this.#listeners) listener(environments);
    return environments;
  }
}
