import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import { isGone, readObject, sameDefinition } from '../../../model/inventory/objects.ts';
import type { ObjectXml } from '../../../model/inventory/kinds/kind.ts';
import { explain, explained } from '../../ui/failure.ts';
import { addressOf, LIBVIRT_SCHEME, type ObjectAddress, withView } from '../../ui/domain-uri.ts';
import { type Entry, Fingerprints, hashOf, type Version, versionOf } from './entry.ts';
import type { DocumentContext } from './document-context.ts';
import { Follower } from './follow.ts';
import { keepCursors } from './keep-cursors.ts';
import { Refusals } from './refusals.ts';
import { SaveFlow } from './save-flow.ts';
import { snapshotDomain } from './snapshot-domain.ts';

const REOPENED_MS = 1_000;

type Changes = readonly vscode.FileChangeEvent[];

/** The documents of hosts that are open: what each began as, and what its host has. */
export class HostDocuments implements vscode.Disposable {
  readonly #context: DocumentContext;
  readonly #fire: (changes: Changes) => void;
  readonly #entries = new Map<string, Entry>();
  readonly #fingerprints: Fingerprints;
  readonly #refusals = new Refusals();
  readonly #saves: SaveFlow;
  readonly #follower: Follower;
  readonly #disposables: vscode.Disposable[];

  constructor(context: DocumentContext, fire: (changes: Changes) => void) {
    this.#context = context;
    this.#fire = fire;
    this.#fingerprints = new Fingerprints(context.state);
    this.#saves = new SaveFlow(context, this.#refusals);
    this.#follower = new Follower(context, {
      entries: () => this.#entries.values(),
      refresh: (entry) => this.refresh(entry),
    });
    this.#disposables = [
      this.#refusals,
      this.#saves,
      this.#follower,
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (isOurs(document)) this.#remember(document);
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        if (isOurs(document)) this.#saved(document);
      }),
      vscode.workspace.onDidOpenTextDocument((document) => {
        if (isOurs(document) && !document.isDirty) void this.#opened(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (isOurs(document)) this.#forget(document);
      }),
    ];
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /**
   * For unsaved text, the state of what it began as. Whether the host has something else by now is found out when it
   * is saved: that compares texts, not times and sizes.
   */
  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const entry = await this.#entry(uri);
    // A document that is only shown for a comparison is not followed.
    if (entry.address.view !== undefined) await this.#look(entry);
    if (entry.gone) throw vscode.FileSystemError.FileNotFound(uri);
    const { mtime, size } = isDirty(uri) && entry.base !== undefined ? entry.base : versionOf(entry);
    const stat = { type: vscode.FileType.File, ctime: 0, mtime, size };
    return entry.readOnly === undefined ? stat : { ...stat, permissions: vscode.FilePermission.Readonly };
  }

  /** What the host has now; of a host that is away, what it had when it was last seen. */
  async read(uri: vscode.Uri): Promise<Uint8Array> {
    const entry = await this.#entry(uri);
    await this.#look(entry);
    if (entry.gone) throw vscode.FileSystemError.FileNotFound(uri);
    // Unsaved text keeps its base, even when a comparison reads the host again.
    if (!isDirty(uri)) entry.base = versionOf(entry);
    return Buffer.from(entry.text);
  }

  /** Whether a document may be saved now, as far as a person has to be asked about that. */
  async maySave(document: vscode.TextDocument): Promise<boolean> {
    const entry = this.#entries.get(document.uri.toString());
    if (entry === undefined) return true;
    return this.#saves.maySave(entry, document.getText(), await this.#host(entry.address));
  }

  async write(uri: vscode.Uri, text: string): Promise<void> {
    const entry = await this.#entry(uri).catch((error: unknown) => {
      throw asFileError(error, uri);
    });
    if (entry.readOnly !== undefined) throw vscode.FileSystemError.NoPermissions(entry.readOnly);
    await this.#saves.save(entry, text, await this.#host(entry.address));
  }

  /** Reads again what the host has, and tells VS Code when that has changed. */
  async refresh(entry: Entry, announce = true): Promise<void> {
    const before = { text: entry.text, gone: entry.gone };
    try {
      const { xml, readOnly } = await this.#readFromHost(entry.uri, entry.address);
      if (!sameDefinition(entry.address, xml, entry.text)) this.#update(entry, xml);
      entry.readOnly = readOnly;
      entry.gone = false;
    } catch (error) {
      if (!isGone(entry.address, error)) throw error;
      entry.gone = true;
    }
    if (announce && (entry.gone !== before.gone || entry.text !== before.text))
      this.#announce(entry, before.gone);
    this.#refusals.markOutside(entry, isDirty(entry.uri));
  }

  async #look(entry: Entry): Promise<void> {
    await this.refresh(entry, false).catch((error: unknown) => {
      this.#context.presenter.background(`Could not read ${entry.uri.path} again`, error);
    });
  }

  #update(entry: Entry, text: string): void {
    entry.text = text;
    entry.mtime = Math.max(Date.now(), entry.mtime + 1);
  }

  #announce({ uri, gone }: Entry, wasGone: boolean): void {
    const { Created, Changed, Deleted } = vscode.FileChangeType;
    this.#fire([{ uri, type: gone ? Deleted : wasGone ? Created : Changed }]);
  }

  async #entry(uri: vscode.Uri): Promise<Entry> {
    const known = this.#entries.get(uri.toString());
    if (known !== undefined) return known;
    const address = addressOf(uri);
    if (address === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    const base = isDirty(uri) ? this.#fingerprints.get(uri) : undefined;
    const entry: Entry = {
      uri,
      address,
      text: '',
      mtime: Date.now(),
      readOnly: undefined,
      base,
      gone: false,
    };
    try {
      const { xml, readOnly } = await this.#readFromHost(uri, address);
      entry.text = xml;
      entry.readOnly = readOnly;
      // The same text keeps its time, so that VS Code sees no change after a reload of the window.
      if (base !== undefined && base.hash === hashOf(xml)) entry.mtime = base.mtime;
      if (documentAt(uri)?.getText() === xml) entry.base = versionOf(entry);
    } catch (error) {
      if (!isGone(address, error)) throw asFileError(error, uri);
      if (!isDirty(uri)) throw vscode.FileSystemError.FileNotFound(uri);
      entry.gone = true;
    }
    this.#entries.set(uri.toString(), entry);
    this.#follower.follow();
    return entry;
  }

  async #readFromHost(uri: vscode.Uri, address: ObjectAddress): Promise<ObjectXml> {
    if (address.view === 'base')
      return { xml: this.#baseOf(uri), readOnly: t('This is the text as it was opened.') };
    const connection = await (await this.#host(address)).connect();
    const { xml, readOnly } = await readObject(connection, address, address.view === 'live');
    if (address.view === 'domain')
      return { xml: snapshotDomain(xml), readOnly: t('This definition belongs to a snapshot.') };
    return { xml, readOnly: address.view === undefined ? readOnly : t('This only shows what the host has.') };
  }

  #baseOf(uri: vscode.Uri): string {
    const text = this.#entries.get(withView(uri, undefined).toString())?.base?.text;
    if (text === undefined) throw new Error(t('The text as it was opened is no longer known'));
    return text;
  }

  async #host({ host }: ObjectAddress): Promise<Host> {
    await this.#context.hostsKnown;
    const found = this.#context.inventory.hostByAlias(host);
    if (found === undefined) throw new Error(t('The host of this document is no longer configured'));
    return found;
  }

  /** Keeps what the text began as over reloads of the window, from the first unsaved change on. */
  #remember({ uri, isDirty }: vscode.TextDocument): void {
    const base: Version | undefined = this.#entries.get(uri.toString())?.base;
    if (!isDirty || base === undefined || this.#fingerprints.get(uri)?.hash === base.hash) return;
    void this.#fingerprints.keep(uri, base);
  }

  /** Shows what libvirt made of the text, as a change of the file, so that undo and cursors stay. */
  #saved(document: vscode.TextDocument): void {
    const entry = this.#entries.get(document.uri.toString());
    void this.#fingerprints.forget(document.uri);
    if (entry === undefined) return;
    this.#refusals.markOutside(entry, false);
    if (entry.text === document.getText()) return;
    keepCursors(document, entry.text);
    entry.mtime++;
    this.#announce(entry, false);
  }

  /** The text of a clean document is its base, even when it was forgotten in between. */
  async #opened(document: vscode.TextDocument): Promise<void> {
    const text = document.getText();
    try {
      const entry = await this.#entry(document.uri);
      entry.base ??= versionOf({ text, mtime: entry.mtime });
    } catch (error) {
      this.#context.presenter.background(`Could not follow ${document.uri.path}`, error);
    }
  }

  /** Waits a moment, since VS Code closes and reopens a document whose language is set. */
  #forget({ uri }: vscode.TextDocument): void {
    setTimeout(() => {
      const entry = this.#entries.get(uri.toString());
      if (entry === undefined || documentAt(uri) !== undefined) return;
      this.#entries.delete(uri.toString());
      this.#refusals.forget(entry);
      this.#follower.follow();
    }, REOPENED_MS);
  }
}

function isOurs({ uri }: vscode.TextDocument): boolean {
  return uri.scheme === LIBVIRT_SCHEME;
}

function documentAt(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
}

function isDirty(uri: vscode.Uri): boolean {
  return documentAt(uri)?.isDirty === true;
}

/** What VS Code shows instead of the document; not “not found”, which would mean that it was deleted. */
function asFileError(error: unknown, uri: vscode.Uri): vscode.FileSystemError {
  if (error instanceof vscode.FileSystemError) return error;
  return vscode.FileSystemError.Unavailable(
    `${t('Could not read {0}.', uri.path)} ${explained(explain(error))}`,
  );
}
