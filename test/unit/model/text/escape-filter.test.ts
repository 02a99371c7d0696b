import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  type Allowed,
  coloursOnly,
  EscapeFilter,
  forReplay,
  forTerminal,
} from '../../../../src/model/text/escape-filter.ts';

const E = '\u001b';
const BEL = '\u0007';
const ST = `${E}\\`;

function filtered(text: string, allowed: Allowed = forTerminal): string {
  return new EscapeFilter(allowed).push(text);
}

/** A generator of numbers that is the same at each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

suite('What a guest says to a terminal', () => {
  test('keeps what programs draw with', () => {
    const kept = [
      `${E}[31;1mred${E}[0m ${E}[38;2;1;2;3m${E}[4:3m${E}[m`,
      `${E}[2J${E}[H${E}[10;20Hat${E}[A${E}[3C${E}[K${E}[1P${E}[2@${E}[3L${E}[4X`,
      `${E}[?1049h${E}[?25l${E}[1;24r${E}[?2004h${E}[?1;1000;1006h${E}[?1049l`,
      `${E}7${E}8${E}M${E}D${E}=${E}>${E}c${E}(0lqk${E}(B${E})A${E}#8`,
      `${E}[6n${E}[c${E}[>c${E}[?u${E}[18t${E}[4 q${E}[!p${E}[?2026$p`,
      `${E}]4;1;rgb:ff/00/00${BEL}${E}]10;?${ST}${E}]11;#000000${BEL}${E}]104${BEL}`,
      `${E}]8;id=1;https://example.org/a${ST}a link${E}]8;;${ST}`,
      `${E}[3\n1mwith a line end within`,
      'tab\tbell\u0007 back\b\r\n Grüße 日本語 🦊',
    ];
    for (const text of kept) assert.equal(filtered(text), text);
  });

  const dropped: Readonly<Record<string, string>> = {
    'writing the clipboard': `${E}]52;c;aGVsbG8=${BEL}`,
    'reading the clipboard': `${E}]52;c;?${ST}`,
    'the clipboard, by the 8-bit form': '\u009d52;c;aGVsbG8=\u009c',
    'the clipboard, with controls that terminals overlook': `${E}]5\n2;c;aGVsbG8=${BEL}`,
    'a title': `${E}]0;root@host${BEL}${E}]2;other${ST}${E}]1;icon${BEL}`,
    'a link to a command': `${E}]8;;command:workbench.action.terminal.new${BEL}`,
    'a link to a file': `${E}]8;;file:///etc/passwd${ST}`,
    'a link to another program': `${E}]8;;vscode://evil${ST}`,
    'a command of a shell': `${E}]633;E;rm -rf ~${BEL}${E}]633;C${BEL}${E}]133;A${BEL}`,
    'a folder or a picture': `${E}]1337;CurrentDir=/${BEL}${E}]1337;File=inline=1:AAAA${BEL}${E}]7;file:///${BEL}`,
    'a notice': `${E}]9;4;1;50${BEL}${E}]777;notify;a;b${BEL}`,
    'a picture, a macro, a query of settings': `${E}Pq#0;2;0;0;0#0~~${ST}${E}P+q544e${ST}\u0090$qm\u009c`,
    'other strings': `${E}_Gi=1;AAAA${ST}${E}^private${ST}${E}Xstring${ST}`,
    'moving the window, printing': `${E}[3;0;0t${E}[21t${E}[5i${E}[?5i`,
    'the beginning of something else': `${E}]52;c;aGVs${E}[31${E}]0;x${BEL}`,
    'an address that is too long': `${E}]8;;https://${'a'.repeat(5000)}${BEL}`,
    'what never ends': `${E}]52;c;${'A'.repeat(100_000)}`,
  };
  for (const [what, sequence] of Object.entries(dropped))
    test(`leaves out ${what}`, () => {
      assert.equal(filtered(`before${sequence}`), 'before');
      assert.equal(filtered(`before${sequence}`, coloursOnly), 'before');
    });

  test('takes the 8-bit forms for what they are', () => {
    assert.equal(
      filtered('\u009b31mred\u009d8;;https://a.b/\u009clink'),
      `${E}[31mred${E}]8;;https://a.b/${ST}link`,
    );
  });

  test('is shown again, and asks the terminal nothing then, which would answer to the guest', () => {
    const questions = ['[6n', '[5n', '[?6n', '[c', '[0c', '[>c', '[=c', 'Z', '[18t', '[?1$p', '[?u', '[>q'];
    const others = ['[\n6n', '[\n>q', `]11;?${BEL}`, `]4;1;?${ST}`];
    for (const question of questions.concat(others))
      assert.equal(filtered(`a${E}${question}b`, forReplay), 'ab', question);
    const plain = `${E}[31mred${E}[2 q${E}[u${E}[!p${E}]11;#000000${BEL}`;
    assert.equal(filtered(plain, forReplay), plain);
  });

  test('has colours and nothing else where lines are shown', () => {
    assert.equal(filtered(`${E}[31mred${E}[0m${E}[2Jx${E}[5A${E}cy`, coloursOnly), `${E}[31mred${E}[0mxy`);
  });

  test('forgets a half sequence when something else comes', () => {
    const filter = new EscapeFilter(forTerminal);
    assert.equal(filter.push(`a${E}]0;ti`), 'a');
    filter.reset();
    assert.equal(filter.push('tle'), 'tle');
  });

  const PIECES = [
    `${E} [ ] P _ \\ ${BEL} \u0018 \u009b \u009c \u009d \u0090 \u0085 \n 🦊 text 31 ; m H ? ( B \u007f`.split(
      ' ',
    ),
    `52;c; 8;; https://a.b command:x ${E}[0m ${E}]52;c;aa${BEL} ${E}]8;;http://a${ST} ${E}]0;t${ST}`.split(
      ' ',
    ),
    [' ', '0'.repeat(300), 'x'.repeat(4100)],
  ].flat();

  test('is the same however it is cut into chunks, and stays as it is when filtered again', () => {
    const pick = numbers(7);
    for (let round = 0; round < 3000; round++) {
      const allowed = [forTerminal, forReplay, coloursOnly][round % 3] ?? forTerminal;
      let text = '';
      for (let count = pick(30); count >= 0; count--) text += PIECES[pick(PIECES.length)] ?? '';
      const filter = new EscapeFilter(allowed);
      const largest = 1 + pick(round % 2 === 0 ? 4 : 600);
      let shown = '';
      for (let at = 0; at < text.length;) {
        const size = 1 + pick(largest);
        shown += filter.push(text.slice(at, at + size));
        at += size;
      }
      const whole = filtered(text, allowed);
      assert.equal(shown, whole, JSON.stringify(text));
      assert.equal(filtered(whole, allowed), whole, JSON.stringify(text));
      // oxlint-disable-next-line no-control-regex -- terminals speak in control characters
      assert.doesNotMatch(whole, /\u001b\](?!4;|8;;http|8;;[\u0007\u001b])|\u001b[P_]|[\u0080-\u009f]/);
    }
  });

  test('takes time in proportion to it, whatever it is', () => {
    const floods = [
      E,
      `${E}[`,
      `${E}]`,
      `${E}[0`,
      `${E}]x`,
      '\u009d',
      `${E}P`,
      `${E}]8;;http://a`,
      `${E} `,
      `${E}[\n`,
    ];
    const measure = (text: string, chunk: number) => {
      const filter = new EscapeFilter(forTerminal);
      const begun = performance.now();
      for (let at = 0; at < text.length; at += chunk) filter.push(text.slice(at, at + chunk));
      return performance.now() - begun;
    };
    for (const flood of floods)
      for (const chunk of [7, 65_536]) {
        const times = [1, 4].map((size) => {
          const text = flood.repeat(Math.ceil((size * 100_000) / flood.length));
          return Math.min(measure(text, chunk), measure(text, chunk), measure(text, chunk));
        });
        const [small = 0, large = 0] = times;
        // Four times as much; sixteen times would be quadratic.
        assert.ok(large < small * 9 + 40, `${JSON.stringify(flood)} by ${chunk}: ${small} ms, ${large} ms`);
      }
  });
});
