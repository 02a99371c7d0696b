import * as vscode from 'vscode';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import { isLibvirtError } from '../../../client/libvirt/error.ts';
import type { Host } from '../../../model/inventory/host.ts';
import { defineObject, isGone, readObject, sameDefinition } from '../../../model/inventory/objects.ts';
import { kindOf } from '../../../model/inventory/kinds/kinds.ts';
import { explain } from '../../ui/failure.ts';
import { quoted } from '../../ui/names.ts';
import { LIBVIRT_SCHEME, labelOf, withView } from '../../ui/domain-uri.ts';
import { type Entry, hashOf, versionOf } from './entry.ts';
import type { DocumentContext } from './document-context.ts';
import { objectionTo } from './identity.ts';
import type { Refusals } from './refusals.ts';

const OVERWRITE = 'Overwrite';
const COMPARE = 'Compare';
const THEIR_CHANGES = 'Show Changes on the Host';
const DEFINE_AGAIN = 'Define Again';
const APPLY_LIVE = 'Apply Live Now';

/**
 * What happens when a document is saved. Whatever keeps the host from having the text afterwards is thrown, since
 * that is what leaves it unsaved in the editor.
 */
export class SaveFlow implements vscode.Disposable {
  readonly #context: DocumentContext;
  readonly #refusals: Refusals;
  readonly #listener: vscode.Disposable;
  /** Documents whose save nobody asked for. */
  readonly #automatic = new Set<string>();

  constructor(context: DocumentContext, refusals: Refusals) {
    this.#context = context;
    this.#refusals = refusals;
    this.#listener = vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
      if (document.uri.scheme !== LIBVIRT_SCHEME) return;
      const key = document.uri.toString();
      if (reason === vscode.TextDocumentSaveReason.Manual) this.#automatic.delete(key);
      else this.#automatic.add(key);
    });
  }

  dispose(): void {
    this.#listener.dispose();
  }

  async save(entry: Entry, text: string, host: Host): Promise<void> {
    const { uri } = entry;
    // A definition that is half typed may be one that libvirt takes.
    if (this.#automatic.delete(uri.toString()))
      throw notSaved('saving defines it on its host, which is not done by auto save');
    this.#refusals.clear(uri);
    const before = await this.#whatIsThere(entry, host);
    const objection = objectionTo(text, entry.address, before ?? entry.base?.text ?? text);
    if (objection !== undefined) {
      this.#refusals.showAt(uri, text, objection.range, objection.sentence);
      throw notSaved(objection.sentence);
    }
    if (before === undefined) {
      if (!(await this.#mayDefineAgain(entry, host))) throw notSaved('it is no longer on its host');
    } else if (!(await this.#mayReplace(entry, before, host)))
      throw notSaved('it was changed on the host since you opened it');
    await this.#define(entry, text, host);
  }

  /** Undefined when it is gone. */
  async #whatIsThere({ uri, address }: Entry, host: Host): Promise<string | undefined> {
    try {
      return (await readObject(await host.connect(), address)).xml;
    } catch (error) {
      if (isGone(address, error)) return undefined;
      throw this.#failed(uri, host, error);
    }
  }

  /** A save that would undo what somebody else did is a person's choice; what they compared is not asked about again. */
  async #mayReplace(entry: Entry, now: string, host: Host): Promise<boolean> {
    const { base, address, uri } = entry;
    if (base?.text !== undefined && sameDefinition(address, base.text, now)) return true;
    if (base !== undefined && base.hash === hashOf(now)) return true;
    const name = labelOf(uri);
    const theirs = base?.text === undefined ? [] : [THEIR_CHANGES];
    const choice = await vscode.window.showWarningMessage(
      `${quoted(name)} was changed on ${quoted(host.name)} since you opened it.`,
      { modal: true, detail: 'Overwrite replaces what the host has now with your text.' },
      COMPARE,
      OVERWRITE,
      ...theirs,
    );
    const present = withView(uri, 'now');
    if (choice === COMPARE)
      await vscode.commands.executeCommand('vscode.diff', present, uri, `${name}: on the Host ↔ Your Text`);
    if (choice === THEIR_CHANGES)
      await vscode.commands.executeCommand(
        'vscode.diff',
        withView(uri, 'base'),
        present,
        `${name}: as Opened ↔ on the Host`,
      );
    return choice === OVERWRITE;
  }

  async #mayDefineAgain({ uri, address }: Entry, host: Host): Promise<boolean> {
    const choice = await vscode.window.showWarningMessage(
      `${quoted(labelOf(uri))} is no longer on ${quoted(host.name)}.`,
      { modal: true, detail: `Your text can define the ${kindOf(address.kind).words.one} again.` },
      DEFINE_AGAIN,
    );
    return choice === DEFINE_AGAIN;
  }

  async #define(entry: Entry, text: string, host: Host): Promise<void> {
    const { uri, address } = entry;
    try {
      const connection = await host.connect();
      const { complaint } = await defineObject(connection, address.kind, text, address);
      const { xml } = await readObject(connection, address);
      entry.text = xml;
      entry.gone = false;
      entry.mtime = Math.max(Date.now(), entry.mtime + 1);
      entry.base = versionOf(entry);
      if (complaint !== undefined)
        this.#refusals.show(uri, text, complaint, vscode.DiagnosticSeverity.Information);
    } catch (error) {
      if (isLibvirtError(error)) this.#refusals.show(uri, text, error.message);
      throw this.#failed(uri, host, error);
    }
    if (address.kind === 'domain') void this.#tellWhen(entry, host);
  }

  /** VS Code tells a person about a save that failed: one sentence in its notice, all of it in the log. */
  #failed(uri: vscode.Uri, host: Host, error: unknown): vscode.FileSystemError {
    this.#context.presenter.background(`Could not save ${labelOf(uri)} on ${host.name}`, error);
    const { reason } = explain(error);
    return notSaved(isLibvirtError(error) ? `libvirt refused it: ${reason}` : reason);
  }

  /** What runs goes on as it is. */
  async #tellWhen({ uri, address }: Entry, host: Host): Promise<void> {
    await host.refresh(address).catch(() => undefined);
    const record = host.domains.get(address.key);
    if (record === undefined || !isActive(record.state)) {
      vscode.window.setStatusBarMessage(`$(check) ${labelOf(uri)} is defined on ${host.name}`, 5_000);
      return;
    }
    const choice = await vscode.window.showInformationMessage(
      `${quoted(record.name)} is saved. It is running; the change applies at its next start.`,
      APPLY_LIVE,
    );
    if (choice === APPLY_LIVE) await this.#context.applyLive(uri);
  }
}

/** VS Code shows it behind the name of the document. */
function notSaved(why: string): vscode.FileSystemError {
  return vscode.FileSystemError.Unavailable(`Nothing was written: ${why}.`);
}
