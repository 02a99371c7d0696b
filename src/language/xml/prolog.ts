import { t } from '@vscode/l10n';
import { isNamePart, isNameStart, isSpace } from './characters.ts';
import type { TreeBuilder } from './tree-builder.ts';
import { shortName } from './short-name.ts';

const DECLARATION =
  /^<\?xml\s+version\s*=\s*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:\s+encoding\s*=\s*(?:"[A-Za-z][A-Za-z0-9._-]*"|'[A-Za-z][A-Za-z0-9._-]*'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>$/;

/** Reads a processing instruction or the XML declaration and returns the offset behind it. */
export function scanInstruction(text: string, start: number, builder: TreeBuilder): number {
  const close = text.indexOf('?>', start + 2);
  const end = close === -1 ? text.length : close + 2;
  let nameEnd = start + 2;
  if (isNameStart(text.charCodeAt(nameEnd)))
    while (nameEnd < end && isNamePart(text.charCodeAt(nameEnd))) nameEnd += 1;
  const target = text.slice(start + 2, nameEnd);
  if (close === -1) {
    builder.problem('unterminated', start, nameEnd, t('This instruction has no closing “?>”.'));
  } else if (target === '') {
    builder.problem('bad-name', start, start + 2, t('An instruction needs a name after “<?”.'));
  } else if (target === 'xml') {
    checkDeclaration(text, start, end, builder);
  } else if (target.toLowerCase() === 'xml' || target.includes(':')) {
    builder.problem(
      'bad-name',
      start + 2,
      nameEnd,
      t('An instruction may not be called “{0}”.', shortName(target)),
    );
  } else if (nameEnd < close && !isSpace(text.charCodeAt(nameEnd))) {
    builder.problem('bad-name', nameEnd, nameEnd + 1, t('A space must follow the name of an instruction.'));
  }
  builder.node({ kind: 'instruction', start, end, target });
  return end;
}

function checkDeclaration(text: string, start: number, end: number, builder: TreeBuilder): void {
  const first = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (start !== first)
    builder.problem(
      'bad-declaration',
      start,
      end,
      t('The XML declaration must be at the very start of the document.'),
    );
  else if (end - start > 1000 || !DECLARATION.test(text.slice(start, end)))
    builder.problem(
      'bad-declaration',
      start,
      end,
      t('This is not a valid XML declaration: write <?xml version="1.0"?>.'),
    );
}

/**
 * Reads a document type declaration and returns the offset behind it. Its entities are remembered by name so that
 * their use can be explained, but never expanded: libvirt's documents have none, and attacks are made of them.
 */
export function scanDoctype(text: string, start: number, builder: TreeBuilder): number {
  let at = start + 9;
  let inside = false;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22 || code === 0x27) {
      const close = text.indexOf(code === 0x22 ? '"' : "'", at + 1);
      at = close === -1 ? text.length : close + 1;
    } else if (inside && text.startsWith('<!--', at)) {
      const close = text.indexOf('-->', at + 4);
      at = close === -1 ? text.length : close + 3;
    } else if (inside && text.startsWith('<?', at)) {
      const close = text.indexOf('?>', at + 2);
      at = close === -1 ? text.length : close + 2;
    } else if (code === 0x5b) {
      inside = true;
      at += 1;
    } else if (code === 0x5d) {
      inside = false;
      at += 1;
    } else if (code === 0x3e && !inside) {
      builder.doctype({ kind: 'doctype', start, end: at + 1 });
      return at + 1;
    } else {
      at += 1;
    }
  }
  builder.problem('unterminated', start, start + 9, t('This document type has no closing “>”.'));
  builder.doctype({ kind: 'doctype', start, end: text.length });
  return text.length;
}
