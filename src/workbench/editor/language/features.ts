import * as vscode from 'vscode';
import { DisposableList } from '../../ui/disposable-list.ts';
import { AutoClose } from './auto-close.ts';
import { ACTION_KINDS, CodeActions } from './code-actions.ts';
import { COMPLETION_TRIGGERS, Completions } from './completion.ts';
import { Diagnostics } from './diagnostics.ts';
import { Documentation } from './documentation.ts';
import { Folding } from './folding.ts';
import { Formatting } from './formatting.ts';
import { chooseHost } from './host/choose-host.ts';
import { DocumentHosts } from './host/document-hosts.ts';
import { HostOffers } from '../../../model/inventory/facts/host-offers.ts';
import type { Host } from '../../../model/inventory/host.ts';
import { HostValues } from './host/host-values.ts';
import { HostWarnings } from './host/host-warnings.ts';
import { Hovers } from './hover.ts';
import { LibvirtDocuments } from './libvirt-documents.ts';
import type { LanguageOptions } from './language-options.ts';
import { Links } from './links.ts';
import { OPENED } from './opened.ts';
import { Schemas } from './schemas.ts';
import { Status } from './status.ts';
import { Symbols } from './symbols.ts';
import { TagNames } from './tag-names.ts';

const XML: vscode.DocumentSelector = { language: 'xml' };

/** VS Code's own XML indents nothing when Enter is pressed. */
const ENTER: vscode.LanguageConfiguration = {
  onEnterRules: [
    {
      beforeText: OPENED,
      afterText: /^\s*<\//,
      action: { indentAction: vscode.IndentAction.IndentOutdent },
    },
    { beforeText: OPENED, action: { indentAction: vscode.IndentAction.Indent } },
  ],
};

/** Everything that an editor of libvirt's XML can do, made when the first such document is open. */
export class LanguageFeatures implements vscode.Disposable {
  readonly #options: LanguageOptions;
  readonly #hosts: DocumentHosts;
  readonly #disposables: DisposableList;

  constructor(options: LanguageOptions) {
    const { inventory, presenter, memory, dist, storage } = options;
    this.#options = options;
    const hosts = new DocumentHosts(inventory, memory);
    this.#hosts = hosts;
    const schemas = new Schemas(dist, storage, presenter);
    const documents = new LibvirtDocuments(hosts, schemas);
    const documentation = new Documentation(dist);
    const offers = new HostOffers((error) => presenter.background('Could not read what is on a host', error));
    const diagnostics = new Diagnostics(documents, new HostWarnings(offers));
    const formatting = new Formatting(documents);
    const tagNames = new TagNames(documents);
    const { languages } = vscode;
    this.#disposables = new DisposableList(
      hosts,
      offers,
      vscode.workspace.onDidCloseTextDocument(() => offers.keep(hosts.inUse())),
      documents,
      diagnostics,
      new AutoClose(documents),
      languages.setLanguageConfiguration('xml', ENTER),
      new Status(documents, schemas, hosts),
      hosts.onDidChange(() => diagnostics.refresh()),
      schemas.onDidChange(() => diagnostics.refresh()),
      languages.registerCompletionItemProvider(
        XML,
        new Completions(documents, documentation, new HostValues(offers)),
        ...COMPLETION_TRIGGERS,
      ),
      languages.registerHoverProvider(XML, new Hovers(documents, documentation)),
      languages.registerCodeActionsProvider(XML, new CodeActions(documents), ACTION_KINDS),
      languages.registerDocumentFormattingEditProvider(XML, formatting),
      languages.registerDocumentRangeFormattingEditProvider(XML, formatting),
      languages.registerDocumentSymbolProvider(XML, new Symbols(documents), {
        // not for people: the name of a program
        label: 'libvirt',
      }),
      languages.registerFoldingRangeProvider(XML, new Folding(documents)),
      languages.registerLinkedEditingRangeProvider(XML, tagNames),
      languages.registerRenameProvider(XML, tagNames),
      languages.registerDocumentLinkProvider(XML, new Links(documents, offers)),
    );
  }

  hostOf(uri: vscode.Uri): Host | undefined {
    return this.#hosts.of(uri);
  }

  setHost(uri: vscode.Uri, host: Host): void {
    this.#hosts.choose(uri, host);
  }

  async chooseHost(): Promise<void> {
    await chooseHost(this.#hosts, this.#options.presenter);
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}
