import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { root } from '../../scripts/lib/paths.ts';

/** Words that nobody understood at once, and what is said instead. */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [/Its name in the tree/u, 'Name to show in the Hosts view'],
  [/of something on which host/u, 'Open XML from which host?'],
  [/What libvirt knows of \{/u, 'The records (metadata) of …'],
  [/not ticked stays/u, 'Anything you leave unticked is kept.'],
  [/goes on as a transient domain and is gone/u, 'It keeps running, and disappears when it stops.'],
  [/What was said before/u, 'Earlier output:'],
  [/does not run\.'/u, '… is shut off.'],
  [/\bUp: \{0\}/u, 'Starting …'],
  [/SSH: there is no guest/u, 'No running guest in … accepts SSH.'],
  [/; it has (?:none|\{)/u, 'only … is available'],
  [/takes effect when it is started next/u, 'the change applies at its next start'],
  [/runs as before until the next start/u, 'Restart … to apply the changes.'],
  [/before this connection'/u, 'nothing'],
  [/Tick the domains|: Which Domain/u, 'Start Which Domains?'],
  [/Press in the guest/u, 'Send Which Keys?'],
  [/Discard Saved State of/u, 'Discard Saved State'],
  [/Only Look at Display|in Actual Size|on Full Screen|Give Clipboard/u, 'View Only, Actual Size, …'],
  [/Open Console of Workspace Guest/u, 'Open Console'],
  [/a guest may take until somebody/u, 'Minutes to wait until a guest accepts logins.'],
  [/before it is switched off/u, 'before it is forced off'],
  [/No good KVM/u, 'KVM is not usable here'],
  [/tiny guest’s home|tiny guest's home/u, 'a tiny demo guest'],
  [/KVM view/u, 'the Hosts view'],
];

/** Words that name no object, where the palette has nothing beside them. */
const NAMELESS = /^(?:Reload|Rebuild|Provision|Connect|Disconnect|Rename|Remove|Delete|Destroy|Copy URI)…?$/u;

suite('What people read', () => {
  const texts = new Map<string, string>();

  before(async () => {
    const paths = globSync(
      [
        'src/**/*.ts',
        'scripts/**/*.{ts,mjs}',
        'docs/**/*.md',
        '*.md',
        'examples/**/*.md',
        'package.nls.json',
      ],
      { cwd: root, exclude: ['examples/*/build/**'] },
    );
    for (const path of paths) texts.set(path, await readFile(join(root, path), 'utf8'));
  });

  for (const [words, better] of INSTEAD)
    test(`says ${better} instead of ${words.source}`, () => {
      const found = [...texts].filter(([, text]) => words.test(text)).map(([path]) => path);
      assert.deepEqual(found, []);
    });

  test('calls deleting a guest of a kvm.yaml Delete, since destroying is forcing off', () => {
    const nls = JSON.parse(texts.get('package.nls.json') ?? '{}') as Readonly<Record<string, string>>;
    const destroys = Object.entries(nls).filter(([, text]) => /destroy/iu.test(text));
    assert.deepEqual(destroys, []);
  });

  test('names the object of a command where the palette shows nothing else', () => {
    const nls = JSON.parse(texts.get('package.nls.json') ?? '{}') as Readonly<Record<string, string>>;
    const nameless = Object.entries(nls)
      .filter(([key, text]) => /^kvm\.\w+\.\w+$/u.test(key) && NAMELESS.test(text))
      .map(([key]) => key);
    assert.deepEqual(nameless, []);
  });
});
