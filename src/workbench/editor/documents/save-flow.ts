import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import { isLibvirtError } from '../../../client/libvirt/error.ts';
import type { Host } from '../../../model/inventory/host.ts';
import { defineObject, isGone, readObject, sameDefinition } from '../../../model/inventory/objects.ts';
import { asSentence, explain } from '../../ui/failure.ts';
import { quoted } from '../../ui/names.ts';
import { LIBVIRT_SCHEME, labelOf, withView } from '../../ui/domain-uri.ts';
import { type Entry, hashOf, versionOf } from './entry.ts';
import type { DocumentContext } from './document-context.ts';
import { objectionTo } from './identity.ts';
import type { Refusals } from './refusals.ts';
import { inform, tellBriefly, warn } from '../../ui/notices.ts';

/**
 * What happens when a document is saved. It throws unless the host has the text afterwards: that leaves the text
 * unsaved in the editor.
 */
export class SaveFlow implements vscode.Disposable {
  readonly #context: DocumentContext;
  readonly #refusals: Refusals;
  readonly #listener: vscode.Disposable;
  /** Documents whose save nobody asked for. */
  readonly #automatic = new Set<string>();
  /** Documents of objects that are gone, and that a person wants to define again. */
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

  /**
   * Asks what there is to ask, before VS Code begins to save: whether it may. VS Code would tell of a save that a
   * person gave up as one that failed. What is wrong with the text, or away, only the save itself tells.
   */
  async maySave(entry: Entry, text: string, host: Host): Promise<boolean> {
    if (entry.readOnly !== undefined) return true;
    let before: string | undefined;
    try {
      before = await this.#whatIsThere(entry, host);
    } catch {
      return true;
    }
    if (objectionTo(text, entry.address, before ?? entry.base?.text ?? text) !== undefined) return true;
    return this.#agrees(entry, before, host);
  }

  async save(entry: Entry, text: string, host: Host): Promise<void> {
    const { uri } = entry;
    // libvirt may accept a definition that is only half typed.
    if (this.#automatic.delete(uri.toString()))
      throw notSaved(t('Auto save does not save it, since that defines it on its host.'));
    this.#refusals.clear(uri);
    const before = await this.#whatIsThere(entry, host);
    const objection = objectionTo(text, entry.address, before ?? entry.base?.text ?? text);
    if (objection !== undefined) {
      this.#refusals.showAt(uri, text, objection.range, objection.sentence);
      throw notSaved(objection.sentence);
    }
    if (!(await this.#agrees(entry, before, host)))
      throw notSaved(
        before === undefined
          ? t('It is no longer on its host.')
          : t('It has changed on the host since you opened it.'),
      );
    await this.#define(entry, text, host);
    this.#again.delete(uri.toString());
  }

  /** Undefined as `before` means that it is gone. What was agreed to is not asked again. */
  async #agrees(entry: Entry, before: string | undefined, host: Host): Promise<boolean> {
    const key = entry.uri.toString();
    if (before !== undefined) {
      if (!(await this.#mayReplace(entry, before, host))) return false;
      entry.base = versionOf({ text: before, mtime: entry.mtime });
    } else if (!this.#again.has(key)) {
      if (!(await this.#mayDefineAgain(entry, host))) return false;
      this.#again.add(key);
    }
    return true;
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

  /** Asks before a save that would undo somebody else's change, but not about a change that was compared already. */
  async #mayReplace(entry: Entry, now: string, host: Host): Promise<boolean> {
    const { base, address, uri } = entry;
    if (base?.text !== undefined && sameDefinition(address, base.text, now)) return true;
    if (base !== undefined && base.hash === hashOf(now)) return true;
    const name = labelOf(uri);
    const [compare, overwrite] = [t('Compare'), t('Overwrite')];
    const changes = t('Show Changes on the Host');
    const theirs = base?.text === undefined ? [] : [changes];
    const choice = await warn(
      t('{0} has changed on {1} since you opened it.', quoted(name), quoted(host.name)),
      { modal: true, detail: t('Overwrite replaces what the host has now with your text.') },
      compare,
      overwrite,
      ...theirs,
    );
    const present = withView(uri, 'now');
    if (choice === compare)
      await vscode.commands.executeCommand(
        'vscode.diff',
        present,
        uri,
        t('{0}: on the Host ↔ Your Text', name),
      );
    if (choice === changes)
      await vscode.commands.executeCommand(
        'vscode.diff',
        withView(uri, 'base'),
        present,
        t('{0}: as Opened ↔ on the Host', name),
      );
    return choice === overwrite;
  }

  async #mayDefineAgain({ uri }: Entry, host: Host): Promise<boolean> {
    const again = t('Define Again');
    const choice = await warn(
      t('{0} is no longer on {1}.', quoted(labelOf(uri)), quoted(host.name)),
      { modal: true, detail: t('You can define it again from your text.') },
      again,
    );
    return choice === again;
  }

  async #define(entry: Entry, text: string, host: Host): Promise<void> {
    const { uri, address } = entry;
    try {
      const connection = await host.connect();
      const { complaint } = await defineObject(host, address.kind, text, address);
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
    return notSaved(isLibvirtError(error) ? t('libvirt refused it: {0}.', reason) : asSentence(reason));
  }

  /** Tells when the definition takes effect: a running domain stays as it is. */
  async #tellWhen({ uri, address }: Entry, host: Host): Promise<void> {
    await host.refresh(address).catch(() => undefined);
    const record = host.domains.get(address.key);
    if (record === undefined || !isActive(record.state)) {
      tellBriefly(t('{0} is defined on {1}', labelOf(uri), host.name));
      return;
    }
    const applyLive = t('Apply Live Now');
    const choice = await inform(
      t('{0} is saved. It is running; the change applies at its next start.', quoted(record.name)),
      applyLive,
    );
    if (choice === applyLive) await this.#context.applyLive(uri);
  }
}

/** VS Code shows it behind the name of the document. `why` is a whole sentence. */
function notSaved(why: string): vscode.FileSystemError {
  return vscode.FileSystemError.Unavailable(`${t('Nothing was written.')} ${why}`);
}
