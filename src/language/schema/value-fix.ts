import { t } from '@vscode/l10n';
import { setAttribute, setContent, type TextEdit } from '../xml/edit.ts';
import { encodeAttribute, encodeText } from '../xml/entities.ts';
import type { XmlAttribute, XmlElement } from '../xml/tree.ts';
import type { Analysis } from './analysis.ts';
import { mayTry } from './best-first.ts';
import { Context } from './context.ts';
import type { Diagnostic, Fix } from './diagnostic.ts';
import { Probe } from './probe.ts';

/** Asking which values fit takes as long as looking at the document a few times. */
const COST = 4;
/** The most values that are offered one by one. */
const MAX_VALUES = 16;

/**
 * Puts another value in the place of a wrong one: first those that go with all the rest. Only one that is like the wrong
 * one is preferred, or the only one that there is: what else was meant nobody knows.
 */
export function valueFixes(analysis: Analysis, diagnostic: Diagnostic, element: XmlElement): Fix[] {
  const { attribute, suggestions, expected, code } = diagnostic;
  const all = [...new Set([...suggestions, ...expected])];
  if (code === 'white-space' || code === 'unknown-namespace' || all.length < 2)
    return all
      .slice(0, MAX_VALUES)
      .map((value) => fixed(analysis, diagnostic, element, value, all.length === 1));
  const fitting = fittingValues(analysis, element, attribute);
  const isFine = (value: string) => fitting === undefined || fitting.has(value);
  const ordered = [...all.filter(isFine), ...all.filter((value) => !isFine(value))].slice(0, MAX_VALUES);
  const [meant] = suggestions;
  return ordered.map((value) =>
    fixed(analysis, diagnostic, element, value, value === meant && isFine(value)),
  );
}

/** The values that leave the rest of the document as right as it is; undefined when that is not known. */
function fittingValues(
  analysis: Analysis,
  element: XmlElement,
  attribute: XmlAttribute | undefined,
): ReadonlySet<string> | undefined {
  if (attribute === undefined || attribute.key === '' || !mayTry(analysis, COST)) return undefined;
  const { values } = new Probe(analysis.schema, Context.of(analysis, element)).values(attribute);
  return values.length === 0 ? undefined : new Set(values);
}

function fixed(
  { document }: Analysis,
  { attribute, code }: Diagnostic,
  element: XmlElement,
  value: string,
  preferred: boolean,
): Fix {
  const title =
    code === 'white-space' ? t('Remove the white space around “{0}”', value) : t('Replace with “{0}”', value);
  const edit =
    attribute === undefined
      ? setContent(document.text, element, encodeText(value))
      : attributeValue(element, attribute, value);
  return { title, edits: [edit], preferred };
}

function attributeValue(element: XmlElement, attribute: XmlAttribute, value: string): TextEdit {
  const { quote, valueStart, valueEnd, name } = attribute;
  if (quote === '') return setAttribute(element, name, value);
  return { start: valueStart, end: valueEnd, text: encodeAttribute(value, quote) };
}
