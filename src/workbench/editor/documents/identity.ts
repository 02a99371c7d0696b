import { t } from '@vscode/l10n';
import type { ObjectName } from '../../../model/inventory/kinds/kind.ts';
import { kindOf } from '../../../model/inventory/kinds/kinds.ts';
import { LineIndex } from '../../../language/xml/line-index.ts';
import { parseDocument } from '../../../language/xml/parse.ts';
import { childElement, type TextRange, textOf, type XmlDocument } from '../../../language/xml/tree.ts';

/** Why a text is not even sent to the host, in whole sentences, and where that shows. */
export interface Objection {
  readonly sentence: string;
  readonly range: TextRange;
}

/** Whether the text is XML and still about the object that was opened, whose definition is `before`. */
export function objectionTo(text: string, name: ObjectName, before: string): Objection | undefined {
  const document = parseDocument(text);
  return notWellFormed(document) ?? otherObject(document, parseDocument(before), name);
}

function notWellFormed({ problems, text }: XmlDocument): Objection | undefined {
  const [problem] = problems;
  if (problem === undefined) return undefined;
  const line = new LineIndex(text).lineAt(problem.start) + 1;
  return { sentence: t('Line {0}: {1}', line, problem.message), range: problem };
}

/** Fields that say which object it is: with another value libvirt would make, or replace, another one. */
const IDENTITY = ['name', 'uuid'] as const;

function otherObject(document: XmlDocument, before: XmlDocument, name: ObjectName): Objection | undefined {
  const { root } = document;
  const wanted = kindOf(name.kind).xml.root;
  if (root === undefined || before.root === undefined) return undefined;
  const start = { start: root.nameStart, end: root.nameEnd };
  if (root.key !== wanted)
    return { sentence: t('The root element must be <{0}>, not <{1}>.', wanted, root.name), range: start };
  for (const field of IDENTITY) {
    const was = childElement(before.root, field);
    if (was === undefined) continue;
    const is = childElement(root, field);
    const old = textOf(was).trim();
    if (is === undefined) {
      return { sentence: t('<{0}>{1}</{0}> is missing. Put it back.', field, old), range: start };
    }
    if (sameValue(field, old, textOf(is).trim())) continue;
    return { sentence: changed(field, old, textOf(is).trim(), name), range: is };
  }
  return undefined;
}

function sameValue(field: string, a: string, b: string): boolean {
  const plain = (value: string) => (field === 'uuid' ? value.replaceAll('-', '').toLowerCase() : value);
  return plain(a) === plain(b);
}

function changed(field: (typeof IDENTITY)[number], old: string, now: string, { kind }: ObjectName): string {
  const remedy =
    field === 'name' && kind === 'domain'
      ? t('Put {0} back, rename the domain from the Hosts view, or define the text as a new domain.', old)
      : t('Put {0} back, or define the text as something new.', old);
  return `${field === 'name' ? newName(old, now) : newUuid(old, now)} ${remedy}`;
}

function newName(old: string, now: string): string {
  return now === ''
    ? t('The name is empty, but this is {0}.', old)
    : t('The name is {0}, but this is {1}.', now, old);
}

function newUuid(old: string, now: string): string {
  return now === ''
    ? t('The UUID is empty, but this is {0}.', old)
    : t('The UUID is {0}, but this is {1}.', now, old);
}
