import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { forAnyShell, shellWord } from '../../../../src/client/transport/remote-shell.ts';

/** Login shells that people have, each with what makes it run a line as sshd does. */
const SHELLS = [
  'sh',
  'bash',
  'dash',
  'busybox',
  'zsh',
  'ksh',
  'mksh',
  'yash',
  'fish',
  'csh',
  'tcsh',
  'elvish',
];

/** Every character of ASCII that a path may have, alone and doubled; and what shells are known to stumble over. */
const WORDS = [
  ...Array.from({ length: 127 }, (_, code) => String.fromCodePoint(code + 1)).map(
    (each) => `a${each}${each}b${each}`,
  ),
  'two words',
  String.raw`back\\slash\'quote`,
  "it's !important !! !$",
  '$(touch x) `id` ${HOME} $HOME %s %d',
  'café 🦊',
  ' -n ',
  '\\0101\\c rest',
  'ends in lines\n\n',
  '*',
  '~',
];

suite('A script for another machine', { timeout: 120_000 }, () => {
  test('is one word in which no shell finds anything', () => {
    for (const word of WORDS) {
      const [, inside] = /^sh -c '([^']*)'$/u.exec(forAnyShell(`cat ${shellWord(word)}`)) ?? [];
      assert.ok(inside !== undefined, word);
      assert.match(inside, /^eval "\$\(printf %b "[ -~]*"\)"$/u);
      const script = inside.slice('eval "$(printf %b "'.length, -'")"'.length);
      // Backslashes only before a digit: doubled, or before a quote, they mean something to fish.
      assert.doesNotMatch(script, /[!"$'`]|\\[^0]/u);
    }
  });

  for (const shell of SHELLS)
    test(`comes out whole of ${shell}`, async (context) => {
      const found = await execa('sh', ['-c', `command -v ${shell}`], { reject: false });
      if (found.failed) return context.skip(`${shell} is not installed`);
      const script = `printf '%s\\0' ${WORDS.map(shellWord).join(' ')}; cat; exit 7`;
      const args = [...(shell === 'busybox' ? ['sh'] : []), '-c', forAnyShell(script)];
      const { stdout, stderr, exitCode } = await execa(shell, args, { input: 'input', reject: false });
      assert.deepEqual(stdout.split('\0'), [...WORDS, 'input'], stderr);
      assert.equal(exitCode, shell === 'elvish' ? 2 : 7);
    });
});
