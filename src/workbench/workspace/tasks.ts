import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { displayName } from '../ui/names.ts';
import type { Environments } from './environments.ts';
import type { Target } from './verbs/targets.ts';

/** What a task of type `kvm` does: in tasks.json, and as a preLaunchTask. */
interface KvmTask extends vscode.TaskDefinition {
  readonly command: 'up' | 'down' | 'reload' | 'provision' | 'destroy';
  readonly guest?: string;
  /** The kvm.yaml, relative to the workspace folder. */
  readonly file?: string;
}

const COMMANDS = ['up', 'down', 'reload', 'provision', 'destroy'] as const;

/** Tasks that bring guests up and down. */
export class GuestTasks implements vscode.TaskProvider {
  readonly #load: () => Promise<Environments>;

  constructor(load: () => Promise<Environments>) {
    this.#load = load;
  }

  async provideTasks(): Promise<vscode.Task[]> {
    const { entries } = await this.#load();
    return entries.flatMap(({ uri }) => {
      const folder = vscode.workspace.getWorkspaceFolder(uri);
      if (folder === undefined) return [];
      const file = vscode.workspace.asRelativePath(uri, false);
      return (['up', 'down'] as const).map((command) => this.#task({ type: 'kvm', command, file }, folder));
    });
  }

  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const definition = task.definition as KvmTask;
    if (!COMMANDS.includes(definition.command)) return undefined;
    const scope = task.scope === undefined || typeof task.scope === 'number' ? undefined : task.scope;
    return this.#task(definition, scope ?? vscode.workspace.workspaceFolders?.[0]);
  }

  #task(definition: KvmTask, folder: vscode.WorkspaceFolder | undefined): vscode.Task {
    const name = [definition.command, definition.guest].filter((part) => part !== undefined).join(' ');
    const execution = new vscode.CustomExecution(
      async () => new TaskTerminal(this.#load, definition, folder),
    );
    const scope = folder ?? vscode.TaskScope.Workspace;
    // No problems are looked for in what it says: VS Code would ask for which.
    const task = new vscode.Task(definition, scope, name, 'kvm', execution, []);
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Silent };
    return task;
  }
}

/** Shows what is waited for, a line each, and ends with the work. Closing it cancels. */
class TaskTerminal implements vscode.Pseudoterminal {
  readonly onDidWrite: vscode.Event<string>;
  readonly onDidClose: vscode.Event<number>;
  readonly #write = new vscode.EventEmitter<string>();
  readonly #close = new vscode.EventEmitter<number>();
  readonly #abort = new AbortController();
  readonly #load: () => Promise<Environments>;
  readonly #definition: KvmTask;
  readonly #folder: vscode.WorkspaceFolder | undefined;

  constructor(
    load: () => Promise<Environments>,
    definition: KvmTask,
    folder: vscode.WorkspaceFolder | undefined,
  ) {
    this.#load = load;
    this.#definition = definition;
    this.#folder = folder;
    this.onDidWrite = this.#write.event;
    this.onDidClose = this.#close.event;
  }

  open(): void {
    void this.#run().then(
      (well) => this.#end(well ? t('Done.') : t('It failed; the message says why.'), well ? 0 : 1),
      (error: unknown) => this.#end(error instanceof Error ? error.message : String(error), 1),
    );
  }

  close(): void {
    this.#abort.abort();
  }

  /** Ctrl+C */
  handleInput(data: string): void {
    if (data === '\u0003') this.#abort.abort();
  }

  async #run(): Promise<boolean> {
    const environments = await this.#load();
    const { command, guest, file = 'kvm.yaml' } = this.#definition;
    const uri = this.#folder === undefined ? undefined : vscode.Uri.joinPath(this.#folder.uri, file);
    const entry = uri === undefined ? environments.entries[0] : environments.entry(uri);
    if (entry === undefined) throw new Error(t('There is no {0} in this workspace.', file));
    const told = new Map<string, string>();
    const listener = environments.onDidChange((changed) => {
      if (changed !== entry) return;
      for (const { name } of entry.guests) {
        // A line for every byte would fill the screen.
        const line = entry.stepSentence(name);
        if (line !== undefined && told.get(name) !== line) this.#line(line);
        if (line !== undefined) told.set(name, line);
      }
    });
    try {
      const target: Target = { entry, guests: guest === undefined ? undefined : [guest] };
      return await this.#do(environments, command, target);
    } finally {
      listener.dispose();
    }
  }

  async #do(environments: Environments, command: KvmTask['command'], target: Target): Promise<boolean> {
    const { signal } = this.#abort;
    const down = await import('./verbs/down.ts');
    switch (command) {
      case 'up':
        return (await import('./verbs/up.ts')).upGuests(environments, target, signal);
      case 'down':
        return down.downGuests(environments, target, signal);
      case 'reload':
        return down.reloadGuests(environments, target, signal);
      case 'destroy':
        return down.destroyGuests(environments, target, signal);
      case 'provision':
        return (await import('./verbs/ssh.ts')).provisionGuests(
          environments,
          { uri: target.entry.uri, guest: target.guests?.[0] },
          signal,
        );
    }
  }

  #line(text: string): void {
    this.#write.fire(`${displayName(text)}\r\n`);
  }

  #end(text: string, code: number): void {
    this.#line(text);
    this.#close.fire(code);
  }
}
