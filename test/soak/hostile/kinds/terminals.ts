import assert from 'node:assert/strict';
import { SerialLines } from '../../../../src/engines/environment/access/serial-watch.ts';
import {
  type Allowed,
  coloursOnly,
  EscapeFilter,
  forReplay,
  forTerminal,
} from '../../../../src/model/text/escape-filter.ts';
import { visible, visibleLines, visibleOutput, withoutControls } from '../../../../src/model/text/visible.ts';
import type { Random } from '../../fuzz/random.ts';
import { type Kind, kindOf } from '../kind.ts';
import { assertLines, assertOneLine, hostileText } from '../text.ts';

/* oxlint-disable no-control-regex -- terminals speak in control characters */

const INTRODUCERS = [
  '\u001b[',
  '\u001b]',
  '\u001bP',
  '\u001b_',
  '\u001b^',
  '\u001bX',
  '\u001b',
  '\u009b',
  '\u009d',
  '\u0090',
];
const BODIES = ['52;c;aGk=', '8;;command:x', '8;;https://example.org/', '8;;file:///etc', '0;title', '2;title', '633;E;x', '1337;File=:eA==', '9;x', '7;file://', '4;1;?', '10;?', '31', '?1049h', '2J', '6n', '5i', '21t', '14t', '1;2;3', '>c', '!p', '4:3m', ' q', '$p', '1$r']; // prettier-ignore
const ENDS = [
  'm',
  'H',
  'J',
  'n',
  'c',
  'i',
  't',
  '\u0007',
  '\u001b\\',
  '\u009c',
  '\u0018',
  '\u001a',
  '\u001b',
  'q',
  '',
];

function output(random: Random): string {
  let text = '';
  for (let count = random.below(12); count >= 0; count -= 1)
    text += random.chance(0.6)
      ? random.pick(INTRODUCERS) + random.pick(BODIES) + random.pick(ENDS)
      : hostileText(random, 2);
  return text;
}

/** What a terminal is given passes one that knows nothing but these. */
const CSI = /^\u001b\[[\u0000-\u001f0-?]*[ -/]*[@-~]/u;
const OSC = /^\u001b\](\d+)(;[^\u0007\u001b]*)?(?:\u0007|\u001b\\)/u;
const SHORT = /^\u001b(?:[ -/]+[0-~]|[0-OQ-WYZ`-~])/u;
const COLOURS = new Set(['4', '10', '11', '12', '104', '110', '111', '112']);

function assertAllowed(shown: string): void {
  const beginning = /[\u001b\u0080-\u009f]/gu;
  for (let found = beginning.exec(shown); found !== null; found = beginning.exec(shown))
    beginning.lastIndex = found.index + lengthOfAllowed(shown.slice(found.index, found.index + 5000));
}

/** @throws AssertionError for a text that begins with anything else */
function lengthOfAllowed(text: string): number {
  const shown = JSON.stringify(text.slice(0, 40));
  const osc = OSC.exec(text);
  if (osc !== null) {
    const isLink = osc[1] === '8' && /^;[^;]*;(?:https?:\/\/|$)/iu.test(osc[2] ?? '');
    assert.ok(isLink || COLOURS.has(osc[1] ?? ''), `a terminal is told ${shown}`);
    return osc[0].length;
  }
  const [csi] = CSI.exec(text) ?? [];
  if (csi === undefined) {
    const [short] = SHORT.exec(text) ?? [];
    assert.ok(short !== undefined, `a terminal is told ${shown}`);
    return short.length;
  }
  assert.doesNotMatch(csi, /i$/u, 'nothing is printed');
  if (csi.endsWith('t')) assert.match(csi, /\[(?:14|16|18|22|23)\D/u, 'no window is moved or named');
  return csi.length;
}

function through(allowed: Allowed, pieces: readonly string[]): string {
  const filter = new EscapeFilter(allowed);
  return pieces.map((piece) => filter.push(piece)).join('');
}

function pieces(text: string, random: Random): readonly string[] {
  const cut: string[] = [];
  const longest = random.pick([1, 2, 5, 40]);
  for (let at = 0; at < text.length;) {
    const length = random.below(longest) + 1;
    cut.push(text.slice(at, at + length));
    at += length;
  }
  return cut;
}

function look(text: string, random: Random): void {
  const cut = pieces(text, random);
  for (const allowed of [forTerminal, forReplay, coloursOnly]) {
    const whole = through(allowed, [text]);
    assert.equal(through(allowed, cut), whole, 'it does not matter where it is cut');
    assertAllowed(whole);
  }
  assert.doesNotMatch(through(coloursOnly, cut).replaceAll(/\u001b\[[0-9;:]*m/gu, ''), /\u001b/u);
  assertOneLine(visible(text), 'a line');
  assertLines(visibleLines(text), 'lines');
  assertLines(visibleOutput(text), 'output');
  assert.doesNotMatch(withoutControls(text), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u);
  const lines = new SerialLines(() => undefined);
  for (const piece of cut) lines.add(piece);
  assertOneLine(lines.last.replaceAll('\t', ''), 'the last line of a console');
}

export const terminals: readonly Kind[] = [kindOf('serial output', 15_000, output, look)];
