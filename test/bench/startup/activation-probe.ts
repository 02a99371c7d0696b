import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';

export interface ActivationReport {
  /** Reading and running the extension's code, then `activate` until it has settled. */
  readonly activateMs: number;
}

type Context = Pick<
  vscode.ExtensionContext,
  | 'subscriptions'
  | 'extensionUri'
  | 'extensionMode'
  | 'secrets'
  | 'globalState'
  | 'workspaceState'
  | 'storageUri'
  | 'globalStorageUri'
>;

type Activate = (context: Context) => Promise<void> | undefined;

/** Remembers nothing: as in an editor where the extension is new. */
function emptyMemory(): vscode.ExtensionContext['globalState'] {
  return {
    keys: () => [],
    get: <T>(_key: string, otherwise?: T) => otherwise as T,
    update: () => Promise.resolve(),
    setKeysForSync: () => undefined,
  };
}

const noSecrets: vscode.SecretStorage = {
  keys: () => Promise.resolve([]),
  get: () => Promise.resolve(undefined),
  store: () => Promise.resolve(),
  delete: () => Promise.resolve(),
  onDidChange: () => new vscode.Disposable(() => undefined),
};

/** Runs in the extension host, before anything made the extension active. */
export async function run(): Promise<void> {
  const report = process.env['KVM_BENCH_REPORT'];
  const extension = vscode.extensions.getExtension('kvm-workbench.kvm-workbench');
  if (report === undefined || extension === undefined) throw new Error('There is nothing to measure');
  if (extension.isActive) throw new Error('The extension is active already');
  const entry = vscode.Uri.joinPath(extension.extensionUri, 'dist', 'extension.js');
  const storage = vscode.Uri.joinPath(vscode.Uri.file(dirname(report)), 'storage');
  const context: Context = {
    subscriptions: [],
    extensionUri: extension.extensionUri,
    extensionMode: vscode.ExtensionMode.Production,
    secrets: noSecrets,
    globalState: emptyMemory(),
    workspaceState: emptyMemory(),
    storageUri: storage,
    globalStorageUri: storage,
  };

  const started = performance.now();
  const module = (await import(pathToFileURL(entry.fsPath).href)) as { readonly activate: Activate };
  await module.activate(context);
  const result: ActivationReport = { activateMs: performance.now() - started };
  await writeFile(report, JSON.stringify(result));
}
