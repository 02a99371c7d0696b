import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { DisposableList } from '../../ui/disposable-list.ts';
import type { Host } from '../../../model/inventory/host.ts';
import type { CommandId } from '../../manifest/commands.ts';
import { displayName, pickLabel } from '../../ui/names.ts';
import { kindName } from './kind-name.ts';
import { isOnHost, type DocumentHosts } from './host/document-hosts.ts';
import type { LibvirtDocument, LibvirtDocuments } from './libvirt-documents.ts';
import type { Schemas } from './schemas.ts';

const CHOOSE_HOST: CommandId = 'kvm.document.chooseHost';

/** Says which schema the active document is checked with, and which host it is for. */
export class Status implements vscode.Disposable {
  readonly #documents: LibvirtDocuments;
  readonly #schemas: Schemas;
  readonly #host = vscode.window.createStatusBarItem('kvm.host', vscode.StatusBarAlignment.Right, 90);
  readonly #disposables: DisposableList;
  #schema: vscode.LanguageStatusItem | undefined;

  constructor(documents: LibvirtDocuments, schemas: Schemas, hosts: DocumentHosts) {
    this.#documents = documents;
    this.#schemas = schemas;
    this.#host.name = t('libvirt Host of XML File');
    const update = () => this.#update();
    this.#disposables = new DisposableList(
      this.#host,
      new vscode.Disposable(() => this.#schema?.dispose()),
      hosts.onDidChange(update),
      schemas.onDidChange(update),
      vscode.window.onDidChangeActiveTextEditor(update),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document === vscode.window.activeTextEditor?.document) update();
      }),
    );
    update();
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #update(): void {
    const source = vscode.window.activeTextEditor?.document;
    const document = source && this.#documents.get(source);
    if (document === undefined) {
      this.#schema?.dispose();
      this.#schema = undefined;
      this.#host.hide();
      return;
    }
    this.#showSchema(document);
    this.#showHost(document);
  }

  #showSchema({ kind, host }: LibvirtDocument): void {
    this.#schema ??= vscode.languages.createLanguageStatusItem('kvm.schema', { language: 'xml' });
    const source = this.#schemas.describe(kind, host);
    this.#schema.name = t('libvirt Schema');
    this.#schema.text = kindName(kind);
    this.#schema.detail = source ?? t('There is no schema for this kind');
    this.#schema.severity =
      source === undefined
        ? vscode.LanguageStatusSeverity.Warning
        : vscode.LanguageStatusSeverity.Information;
  }

  #showHost({ host, source }: LibvirtDocument): void {
    const name = host === undefined ? t('No Host') : pickLabel(host.name);
    this.#host.text = `$(server) ${name}`;
    this.#host.tooltip = hostTooltip(host, isOnHost(source.uri));
    this.#host.command = isOnHost(source.uri) ? undefined : CHOOSE_HOST;
    this.#host.show();
  }
}

function hostTooltip(host: Host | undefined, isFixed: boolean): string {
  if (host === undefined)
    return isFixed
      ? t('The host of this document is no longer configured')
      : t('Choose the libvirt host that this file is for');
  const [name, id] = [displayName(host.name), displayName(host.id)];
  switch (host.status.kind) {
    case 'connected':
      return t('This file is for {0}, {1}', name, id);
    case 'connecting':
    case 'reconnecting':
      return t('This file is for {0}, {1} (connecting)', name, id);
    case 'disconnected':
      return t('This file is for {0}, {1} (not connected)', name, id);
    case 'failed':
      return t('This file is for {0}, {1} (connection failed)', name, id);
  }
}
