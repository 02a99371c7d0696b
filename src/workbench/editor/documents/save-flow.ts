import * as vscode from 'vscode';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import { isLibvirtError } from '../../../client/libvirt/error.ts';
import type { Host } from '../../../model/inventory/host.ts';
import { defineObject, isGone, readObject, sameDefinition } from '../../../model/inventory/objects.ts';
import { kindOf } from '../../../model/inventory/kinds/kinds.ts';
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
  /** Those that a person wants to have again although the host has them no more. */
  readonly #again = new Set<string>();

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
    if (before !== undefined) this.#checkUnchanged(entry, before);
    else if (!this.#again.delete(uri.toString())) throw this.#gone(entry);
    await this.#define(entry, text, host);
  }

  /** Undefined when it is gone. */
  async #whatIsThere({ uri, address }: Entry, host: Host): Promise<string | undefined> {
    try {
      return (await readObject(await host.connect(), address)).xml;
    } catch (error) {
      if (isGone(address, error)) return undefined;
      void this.#context.presenter.failure(`Could not save ${quoted(labelOf(uri))}`, error);
      throw notSaved('its host does not answer, the text stays here');
    }
  }

  #checkUnchanged(entry: Entry, now: string): void {
    const { base, address } = entry;
    if (base?.text !== undefined && sameDefinition(address, base.text, now)) return;
    if (base !== undefined && base.hash === hashOf(now)) return;
    void this.#showConflict(entry, now);
    throw notSaved('it was changed on the host meanwhile');
  }

  async #showConflict(entry: Entry, now: string): Promise<void> {
    const { uri } = entry;
    const name = labelOf(uri);
    const nowUri = withView(uri, 'now');
    const compare = () =>
      vscode.commands.executeCommand('vscode.diff', nowUri, uri, `${name}: on the Host ↔ Your Text`);
    const theirs = entry.base?.text === undefined ? [] : [THEIR_CHANGES];
    await compare();
    for (;;) {
      const choice = await vscode.window.showWarningMessage(
        `${quoted(name)} was changed on the host since it was opened. Nothing was written, and your text is as it was.`,
        OVERWRITE,
        COMPARE,
        ...theirs,
      );
      if (choice === COMPARE) await compare();
      else if (choice === THEIR_CHANGES) {
        const title = `${name}: as Opened ↔ on the Host`;
        await vscode.commands.executeCommand('vscode.diff', withView(uri, 'base'), nowUri, title);
      } else {
        if (choice === OVERWRITE) await this.#overwrite(entry, now);
        return;
      }
    }
  }

  /** Only over what was compared: when the host has yet another definition by then, it is compared again. */
  async #overwrite(entry: Entry, seen: string): Promise<void> {
    entry.base = versionOf({ text: seen, mtime: entry.mtime });
    await save(entry.uri);
  }

  #gone(entry: Entry): vscode.FileSystemError {
    const { uri, address } = entry;
    const sentence = `${quoted(labelOf(uri))} is not on its host any more. Your text is as it was: define the ${kindOf(address.kind).words.one} again, or close it without saving.`;
    void vscode.window.showWarningMessage(sentence, DEFINE_AGAIN).then(async (choice) => {
      if (choice !== DEFINE_AGAIN) return;
      this.#again.add(uri.toString());
      await save(uri);
    });
    return notSaved('it is not on its host any more');
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
      void this.#context.presenter.failure(`Could not save ${quoted(labelOf(uri))}`, error);
      throw notSaved(isLibvirtError(error) ? 'libvirt refused it' : 'its host does not answer any more');
    }
    if (address.kind === 'domain') void this.#tellWhen(entry, host);
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
      `${quoted(record.name)} is saved. It is running, so that this takes effect when it is started next.`,
      APPLY_LIVE,
    );
    if (choice === APPLY_LIVE) await vscode.commands.executeCommand('kvm.document.applyLive', uri);
  }
}

/** VS Code shows it behind the name of the document. */
function notSaved(why: string): vscode.FileSystemError {
  return vscode.FileSystemError.Unavailable(`Nothing was written: ${why}.`);
}

async function save(uri: vscode.Uri): Promise<void> {
  const key = uri.toString();
  await vscode.workspace.textDocuments.find((document) => document.uri.toString() === key)?.save();
}
