import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';

export interface ActivationReport {
  /** Reading and running the extension's code, then `activate` until it has settled. */
  readonly activateMs: number;
}

type Activate = (
  context: Pick<vscode.ExtensionContext, 'subscriptions' | 'extensionUri'>,
) => Promise<void> | undefined;

/** Runs in the extension host, before anything made the extension active. */
export async function run(): Promise<void> {
  const report = process.env['KVM_BENCH_REPORT'];
  const extension = vscode.extensions.getExtension('kvm-workbench.kvm-workbench');
  if (report === undefined || extension === undefined) throw new Error('There is nothing to measure');
  if (extension.isActive) throw new Error('The extension is active already');
  const entry = vscode.Uri.joinPath(extension.extensionUri, 'dist', 'extension.js');
  const context = { subscriptions: [], extensionUri: extension.extensionUri };

  const started = performance.now();
  const module = (await import(pathToFileURL(entry.fsPath).href)) as { readonly activate: Activate };
  await module.activate(context);
  const result: ActivationReport = { activateMs: performance.now() - started };
  await writeFile(report, JSON.stringify(result));
}
