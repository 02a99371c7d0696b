import { isDeepStrictEqual } from 'node:util';
import { t } from '@vscode/l10n';
import { type Document, isMap, isNode, LineCounter, stringify, type YAMLMap } from 'yaml';
import { YamlIndex } from './yaml-index.ts';
import { parseYaml } from './yaml-text.ts';

/**
 * Sets a value in a YAML text and leaves every other character as it was typed.
 * @param path the keys that lead there; all but the last are mappings, and are created if missing
 * @throws Error when the text is not YAML
 */
export function setInYaml(text: string, path: readonly string[], value: unknown): string {
  const lineCounter = new LineCounter();
  const document = parseYaml(text, lineCounter);
  const [flaw] = document.errors;
  if (flaw !== undefined) throw notYaml(lineCounter.linePos(flaw.pos[0]).line, flaw.message);
  const [twice] = new YamlIndex(document.contents).repeated;
  if (twice !== undefined)
    throw notYaml(lineCounter.linePos(twice.range?.[0] ?? 0).line, t('This key is given twice.'));
  const edited = replaced(text, document, path, value) ?? inserted(text, document, path, value);
  // An unusual way of writing: then the whole text is written anew, with the same meaning.
  return edited !== undefined && says(edited, document, path, value)
    ? edited
    : rewritten(document, path, value);
}

function notYaml(line: number, why: string): Error {
  return new Error(t('The file is not valid YAML in line {0}: {1}', line, why));
}

type Range = readonly [start: number, valueEnd: number, nodeEnd: number];

function replaced(
  text: string,
  document: Document,
  path: readonly string[],
  value: unknown,
): string | undefined {
  const old = document.getIn(path, true);
  if (!isNode(old) || old.range === undefined || old.range === null) return undefined;
  const [start, end] = old.range;
  const written = text.slice(start, end).trimEnd();
  return text.slice(0, start) + inline(value) + text.slice(start + written.length);
}

function inserted(
  text: string,
  document: Document,
  path: readonly string[],
  value: unknown,
): string | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  if (!isMap(parent) || parent.items.length === 0) return undefined;
  const key = path.at(-1) ?? '';
  const end = endOf(parent);
  if (end === undefined) return undefined;
  if (parent.flow === true)
    return `${text.slice(0, end)}, ${inline({ [key]: value })
      .slice(1, -1)
      .trim()}${text.slice(end)}`;
  const column = columnOf(text, parent);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = stringify({ [key]: value }, { lineWidth: 0 })
    .trimEnd()
    .split('\n')
    .map((line) => ' '.repeat(column) + line);
  const at = afterLine(text, end, column);
  const before = at > 0 && text[at - 1] !== '\n' ? newline : '';
  return `${text.slice(0, at)}${before}${lines.join(newline)}${newline}${text.slice(at)}`;
}

/** Where the last value of a mapping ends. */
function endOf(map: YAMLMap): number | undefined {
  const last = map.items.at(-1);
  const node = isNode(last?.value) && last.value.range ? last.value : last?.key;
  return isNode(node) ? (node.range as Range | null | undefined)?.[1] : undefined;
}

function columnOf(text: string, map: YAMLMap): number {
  const first = map.items[0]?.key;
  const start = isNode(first) ? (first.range?.[0] ?? 0) : 0;
  return start - (text.lastIndexOf('\n', start - 1) + 1);
}

/** The beginning of the next line, behind comments that are indented deeper than `column`. */
function afterLine(text: string, end: number, column: number): number {
  // The range of a text of several lines includes its last line break.
  const within = text[end - 1] === '\n' ? end - 1 : end;
  const newline = text.indexOf('\n', within);
  let at = newline < 0 ? text.length : newline + 1;
  for (;;) {
    const comment = /^( *)#[^\n]*(?:\n|$)/u.exec(text.slice(at));
    if (comment === null || (comment[1]?.length ?? 0) <= column) return at;
    at += comment[0].length;
  }
}

function inline(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trimEnd();
}

/** Whether a text is the document with only this value changed. */
function says(text: string, before: Document, path: readonly string[], value: unknown): boolean {
  const after = parseYaml(text, new LineCounter());
  return after.errors.length === 0 && isDeepStrictEqual(after.toJS(), wanted(before, path, value));
}

function wanted(before: Document, path: readonly string[], value: unknown): unknown {
  const copy = before.clone();
  set(copy, path, value);
  return copy.toJS();
}

function set(document: Document, path: readonly string[], value: unknown): void {
  for (let length = 1; length < path.length; length += 1) {
    const inner = path.slice(0, length);
    if (!isMap(document.getIn(inner, true))) document.setIn(inner, document.createNode({}, { flow: false }));
  }
  document.setIn(path, document.createNode(value));
}

function rewritten(document: Document, path: readonly string[], value: unknown): string {
  set(document, path, value);
  for (let length = 1; length < path.length; length += 1) {
    const map = document.getIn(path.slice(0, length), true);
    // A mapping that was `{}` is written in lines.
    if (isMap(map) && map.items.length === 1) map.flow = false;
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
