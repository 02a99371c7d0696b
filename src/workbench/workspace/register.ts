import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CommandsOf } from '../manifest/commands.ts';
import { entriesOf, register } from '../ui/commands.ts';
import { DisposableList } from '../ui/disposable-list.ts';
import { isCancellation } from '../ui/failure.ts';
import { Lazy } from '../ui/lazy.ts';
import { ifTrusted, type Trust } from './trust.ts';
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

/** The same for what would be lost or stopped: all guests only when somebody says so. */
const onPicked =
  (question: () => string, run: (environments: Environments, target: Target) => Promise<unknown>): Verb =>
  async (environments, given) => {
    const { pickedTargetOf } = await import('./verbs/targets.ts');
    const target = await pickedTargetOf(environments, given, question());
    return target === undefined ? undefined : run(environments, target);
  };

/** Each loads what it needs when it is used. */
const VERBS: Readonly<Record<CommandsOf<'kvm.environment'>, Verb>> = {
  'kvm.environment.up': onTargets(async (...args) => (await import('./verbs/up.ts')).upGuests(...args)),
  'kvm.environment.down': onTargets(async (...args) => (await import('./verbs/down.ts')).downGuests(...args)),
  'kvm.environment.reload': onPicked(
    () => t('Restart Which Guest?'),
    async (...args) => (await import('./verbs/down.ts')).reloadGuests(...args),
  ),
  'kvm.environment.destroy': onPicked(
    () => t('Delete Which Guest?'),
    async (...args) => (await import('./verbs/down.ts')).destroyGuests(...args),
  ),
  'kvm.environment.destroyDropped': async (environments, given) =>
    (await import('./verbs/down.ts')).destroyDropped(environments, given),
  'kvm.environment.rebuild': onPicked(
    () => t('Rebuild Which Guest?'),
    async (...args) => (await import('./verbs/down.ts')).rebuildGuests(...args),
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
  'kvm.environment.openFile': onTargets(async (_, { entry }) =>
    vscode.window.showTextDocument(entry.uri, { preview: false }),
  ),
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
  const environments = new Lazy(async () => {
    const loaded = await loadEnvironments(parts);
    view.show(loaded);
    return loaded;
  });
  const view = new WorkspaceView(() => environments.get(), parts.extensionUri);
  const commands = entriesOf(VERBS).map(([id, run]) =>
    register(
      id,
      ifTrusted(
        id,
        async (given: unknown, selected: unknown) => run(await environments.get(), given, selected),
        trustIn(parts),
      ),
    ),
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
  return new DisposableList(environments, view, tasks, ...commands);
}

function trustIn({ presenter }: EnvironmentParts): Trust {
  return {
    isTrusted: () => vscode.workspace.isTrusted,
    async refuse(sentence) {
      const manage = t('Manage Trust');
      if ((await presenter.refusal(sentence, manage)) === manage)
        await vscode.commands.executeCommand('workbench.trust.manage');
    },
  };
}

async function loadEnvironments(parts: EnvironmentParts): Promise<Environments> {
  const { Environments } = await import('./environments.ts');
  const { registerFeatures } = await import('./features.ts');
  const environments = new Environments(parts, FOLLOW_UPS);
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
