import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { elementAt } from '../../../language/xml/locate.ts';
import type { LibvirtDocument, LibvirtDocuments } from './libvirt-documents.ts';

const NAME = /^[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?$/;

/** The start and the end tag of an element keep the same name: while it is typed, and when it is renamed. */
export class TagNames implements vscode.LinkedEditingRangeProvider, vscode.RenameProvider {
  readonly #documents: LibvirtDocuments;

  constructor(documents: LibvirtDocuments) {
    this.#documents = documents;
  }

  provideLinkedEditingRanges(
    source: vscode.TextDocument,
    position: vscode.Position,
  ): vscode.LinkedEditingRanges | undefined {
    const ranges = this.#ranges(source, position);
    const names = new Set(ranges?.map((range) => source.getText(range)));
    // When the tags differ, only a person knows which one is wrong.
    return ranges?.length === 2 && names.size === 1
      ? new vscode.LinkedEditingRanges(ranges, /[^\s<>/'"=]+/)
      : undefined;
  }

  prepareRename(source: vscode.TextDocument, position: vscode.Position): vscode.Range {
    const found = this.#ranges(source, position)?.find((range) => range.contains(position));
    if (found === undefined) throw new Error(t('Only the names of tags can be renamed.'));
    return found;
  }

  provideRenameEdits(
    source: vscode.TextDocument,
    position: vscode.Position,
    name: string,
  ): vscode.WorkspaceEdit {
    if (!NAME.test(name)) throw new Error(t('A tag’s name may only have letters, digits, “-”, “_” and “.”.'));
    const edit = new vscode.WorkspaceEdit();
    for (const range of this.#ranges(source, position) ?? []) edit.replace(source.uri, range, name);
    return edit;
  }

  /** The name in the start tag and, where there is one, in the end tag. */
  #ranges(source: vscode.TextDocument, position: vscode.Position): vscode.Range[] | undefined {
    const document = this.#documents.get(source);
    return document === undefined ? undefined : rangesAt(document, source.offsetAt(position));
  }
}

function rangesAt(document: LibvirtDocument, offset: number): vscode.Range[] | undefined {
  const element = elementAt(document.xml, offset);
  if (element === undefined) return undefined;
  const { endTag } = element;
  const ranges = [{ start: element.nameStart, end: element.nameEnd }];
  if (endTag !== undefined) ranges.push({ start: endTag.nameStart, end: endTag.nameEnd });
  const isOnName = ranges.some(({ start, end }) => start <= offset && offset <= end);
  return isOnName ? ranges.map((range) => document.range(range)) : undefined;
}
