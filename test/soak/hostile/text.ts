import assert from 'node:assert/strict';
import type { Random } from '../fuzz/random.ts';

/** What has a meaning somewhere: to a terminal, a shell, a file of lines, Markdown, VS Code, XML, YAML. */
const PIECES = [
  '\u001b]52;c;aGk=\u0007', '\u001b]8;;command:x\u0007', '\u001b[2J', '\u001b[31m', '\u001bP1$r\u001b\\', '\u009b31m', '\u009d52;c;?\u009c',
  '\u001b', '\u0007', '\0', '\b', '\u007f', '\u0085', '\n', '\r\n', '\r', '\t', '\u2028', '\u2029',
  '\u202e', '\u2066', '\u2069', '\u200b', '\u200d', '\ufeff', '\ufffd', '😀', 'é', 'مرحبا', '\udb40\udc41',
  '](command:workbench.action.terminal.new)', '[x](command:kvm.up "y")', '![x](https://example.org/x)', '<a href="command:x">', '$(error)', '$(sync~spin)',
  '\n    ProxyCommand sh -c "touch x"', '$(touch x)', '`touch x`', '; touch x', '| touch x', '\\', '%', '!', '~', '../', '/etc/passwd', '-o', '--',
  '<', '>', '&', '&amp;', '&x;', '&#0;', ']]>', '<![CDATA[', '<!--', '<!DOCTYPE x [<!ENTITY y "z">]>', '"', "'", '=', '/>', '<?x?>',
  ': ', '- ', '&a ', '*a', '<<: *a', '|\n', '>\n', '{', '}', '[', ']', ',', '#', '? ', '!!js/function ', '!!binary ', '---\n', '...\n', '%YAML 9\n',
  '0', '-1', '1e999', '99999999999999999999', '0x', 'NaN', 'true', 'null', '~', 'a', 'b', ' ', '  ', '\u00a0',
] as const; // prettier-ignore

/** A name, a line or a page as nobody friendly writes it. */
export function hostileText(random: Random, longest = 8): string {
  let text = '';
  for (let count = random.below(longest + 1); count > 0; count -= 1)
    text += random.chance(0.15) ? anyCharacter(random) : random.pick(PIECES);
  return random.chance(0.01) ? text.repeat(random.below(2000)) : text;
}

function anyCharacter(random: Random): string {
  return String.fromCodePoint(
    random.pick([random.below(0x100), random.below(0x3000), random.below(0x110000)]),
  );
}

/** Text that is damaged in some places: something is put in, taken out, doubled or moved. */
export function damaged(text: string, random: Random, most = 4): string {
  let result = text;
  for (let count = random.below(most + 1); count > 0; count -= 1) {
    const at = random.below(result.length + 1);
    const length = random.below(random.pick([2, 10, 100]));
    const [before, piece, after] = [
      result.slice(0, at),
      result.slice(at, at + length),
      result.slice(at + length),
    ];
    result = random.pick([
      () => before + hostileText(random, 3) + piece + after,
      () => before + after,
      () => before + piece + piece + after,
      () => after + before + piece,
      () => before + hostileText(random, 2) + after,
      () => before,
    ])();
  }
  return result;
}

// oxlint-disable-next-line no-control-regex -- that is what it is about
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u;

/** Nothing in it ends a line, or does anything but stand there. */
export function assertOneLine(text: string, what: string): void {
  const [found] = CONTROL.exec(text) ?? [];
  assert.equal(found, undefined, `${what} has a control character: ${JSON.stringify(text.slice(0, 200))}`);
}

/** Lines, and nothing but tabs in them that is invisible. */
export function assertLines(text: string, what: string): void {
  for (const line of text.split('\n')) assertOneLine(line.replaceAll('\t', ''), what);
}
