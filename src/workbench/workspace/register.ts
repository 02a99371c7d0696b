import * as vscode from 'vscode';
import { DisposableList } from '../ui/disposable-list.ts';
import { isCancellation } from '../ui/failure.ts';
import { Lazy } from '../ui/lazy.ts';
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
  const environments = new Lazy(async () => {
    const loaded = await loadEnvironments(parts);
    view.show(loaded);
    return loaded;
  });
  const view = new WorkspaceView(() => environments.get(), parts.extensionUri);
  const commands = Object.entries(VERBS).map(([name, run]) =>
    vscode.commands.registerCommand(`kvm.environment.${name}`, async (given: unknown, selected: unknown) =>
      run(await environments.get(), given, selected),
    ),
  );
  const status = vscode.commands.registerCommand('kvm.environment.status', () =>
    vscode.commands.executeCommand('kvm.workspace.focus'),
  );
  const guestTasks = async () => {
    const { GuestTasks } = await import('./tasks.ts');
    return new GuestTasks(() => environments.get());
  };
  const tasks = vscode.tasks.registerTaskProvider('kvm', {
    provideTasks: async () => (await guestTasks()).provideTasks(),
    resolveTask: async (task: vscode.Task) => (await guestTasks()).resolveTask(task),
  });
  loadWhereUsed(environments).catch((error: unknown) => {
    if (!isCancellation(error)) parts.presenter.background('Could not read the workspace’s kvm.yaml', error);
  });
  return new DisposableList(environments, view, status, tasks, ...commands);
}

async function loadEnvironments(parts: EnvironmentParts): Promise<Environments> {
  const { Environments } = await import('./environments.ts');
  const { registerFeatures } = await import('./features.ts');
  const environments = new Environments(parts);
  try {
    registerFeatures(environments);
    await environments.findFiles();
    return environments;
  } catch (error) {
    environments.dispose();
    throw error;
  }
}

/** A workspace with a kvm.yaml at its top shows it in the status bar; others pay nothing. */
async function loadWhereUsed(environments: Lazy<Environments>): Promise<void> {
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const file = vscode.Uri.joinPath(uri, 'kvm.yaml');
    const there = await Promise.resolve(vscode.workspace.fs.stat(file)).then(
      () => true,
      () => false,
    );
    if (there) {
      await environments.get();
      return;
    }
  }
}
