import { t } from '@vscode/l10n';
import { removeAttribute, type TextEdit } from '../xml/edit.ts';
import type { XmlElement } from '../xml/tree.ts';
import type { Diagnostic, Fix } from './diagnostic.ts';
import { tagged } from './wording.ts';

/** What could be done about text that is no XML; nothing when only a person knows. */
export function syntaxFixes(text: string, diagnostic: Diagnostic): Fix[] {
  const { code, start, end, element } = diagnostic;
  const written = text.slice(start, end);
  const replace = (title: string, by: string): Fix[] => one(title, { start, end, text: by });
  switch (code) {
    case 'attribute-without-value':
      return replace(t('Give it an empty value'), `${written.replace(/\s*=\s*$/, '')}=''`);
    case 'bad-entity':
      return insert(t('Write the “&” as “&amp;”'), start + 1, 'amp;');
    case 'duplicate-attribute':
      return one(t('Remove the second one'), removeAttribute(text, diagnostic));
    case 'mismatched-end-tag':
      return endTagFixes(element);
    case 'missing-space':
      return insert(t('Add a space'), start, ' ');
    case 'stray-character':
      return strayFixes(written, replace);
    case 'stray-end-tag':
      return replace(t('Remove {0}', written), '');
    case 'unclosed-element':
      return element === undefined
        ? []
        : insert(t('Close {0}', tagged(element.name)), element.end, `</${element.name}>`);
    case 'unclosed-tag':
      return unclosedTagFixes(diagnostic);
    case 'unclosed-value':
      return insert(t('Add the closing quote'), end, text[start] === '"' ? '"' : "'");
    case 'unquoted-value':
      return written.includes("'") ? [] : replace(t('Put it between quotes'), `'${written}'`);
    default:
      return [];
  }
}

function insert(title: string, at: number, what: string): Fix[] {
  return one(title, { start: at, end: at, text: what });
}

function one(title: string, edit: TextEdit): Fix[] {
  return [{ title, edits: [edit], preferred: true }];
}

function endTagFixes(element: XmlElement | undefined): Fix[] {
  const endTag = element?.endTag;
  if (element === undefined || endTag === undefined) return [];
  const edit = { start: endTag.nameStart, end: endTag.nameEnd, text: element.name };
  return one(t('Change to </{0}>', element.name), edit);
}

function strayFixes(written: string, replace: (title: string, by: string) => Fix[]): Fix[] {
  if (written === '<') return replace(t('Write it as “&lt;”'), '&lt;');
  if (written === ']]>') return replace(t('Write it as “]]&gt;”'), ']]&gt;');
  return written.length > 40 ? [] : replace(t('Remove “{0}”', written), '');
}

function unclosedTagFixes({ start, end, element }: Diagnostic): Fix[] {
  if (element === undefined || start > element.start || element.selfClosing)
    return insert(t('Add the “>”'), end, '>');
  const isOpen = element.endTag !== undefined;
  return insert(
    isOpen ? t('Add the “>”') : t('Close it with “/>”'),
    element.startTagEnd,
    isOpen ? '>' : '/>',
  );
}
