import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setInYaml } from '../../../../../src/engines/environment/file/edit.ts';
import { loadEnvironment } from '../../../../../src/engines/environment/file/load.ts';
import { typingAt } from '../../../../../src/workbench/workspace/language/locate.ts';
import { assertLinear, assertQuick, repeated } from '../../../../support/growth.ts';

const surroundings = { exists: async () => 'file' as const, images: [] };
const load = (text: string) => loadEnvironment(text, '/work/demo/kvm.yaml', surroundings);
const codes = async (text: string) => (await load(text)).problems.map(({ code }) => code);
const messages = async (text: string) => (await load(text)).problems.map(({ message }) => message);

const GUEST = 'guests:\n  a:\n    image: debian-12\n';

suite('A kvm.yaml that was made to be slow', () => {
  const growing: readonly (readonly [what: string, size: number, make: (size: number) => string])[] = [
    ['keys of a mapping', 1500, (n) => `${GUEST}    env:\n${repeated(n, (i) => `      K${i}: v\n`)}`],
    ['keys that are not known', 1500, (n) => GUEST + repeated(n, (i) => `    z${i}: v\n`)],
    ['a key that is given again and again', 1500, (n) => `guests:\n${repeated(n, () => '  a: 1\n')}`],
    ['items of a list', 2000, (n) => `${GUEST}    ports:\n${repeated(n, (i) => `      - ${1000 + i}\n`)}`],
    ['aliases', 1250, (n) => `x: &a 1\nguests:\n${repeated(n, (i) => `  g${i}: *a\n`)}`],
    ['anchors with an alias each', 600, (n) => repeated(n, (i) => `k${i}: &a${i} 1\nj${i}: *a${i}\n`)],
    [
      'networks',
      800,
      (n) => `networks:\n${repeated(n, (i) => `  n${i}:\n    subnet: 300.0.0.0/24\n`)}${GUEST}`,
    ],
    ['errors of YAML', 1500, (n) => `guests:\n${repeated(n, () => '  a: "\\q\n')}`],
  ];
  for (const [what, size, make] of growing)
    test(`is read in step with its ${what}`, () => assertLinear(size, make, load));

  test('is not read with more guests than any host runs, which it says at once', async () => {
    const text = `guests:\n${repeated(8000, (i) => `  g${i}:\n    image: debian-12\n`)}`;
    await assertQuick(() => load(text));
    assert.deepEqual(await messages(text), [
      'This file is not read: a kvm.yaml may have up to 50000 words and marks.',
    ]);
    const fewer = `guests:\n${repeated(501, (i) => `  g${i}:\n    image: debian-12\n`)}`;
    assert.deepEqual(await messages(fewer), ['A kvm.yaml may have up to 500 guests: this one has 501.']);
  });

  test('is read with as many guests as a large host runs', async () => {
    assert.deepEqual(await codes(`guests:\n${repeated(500, (i) => `  g${i}:\n    image: debian-12\n`)}`), []);
  });

  test('with guests that all depend on each other is told of quickly, and in short sentences', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `g${index}`);
    const each = (name: string) =>
      `  ${name}:\n    image: debian-12\n    depends-on: [${names.join(', ')}]\n`;
    const text = `guests:\n${names.map(each).join('')}`;
    await assertQuick(() => load(text));
    const told = await messages(text);
    assert.ok(told.length > 100);
    assert.ok(told.every((message) => message.length < 200));
  });

  test('with a chain as long as the file ends at its last guest', async () => {
    const ring = (n: number) =>
      `guests:\n${repeated(n, (i) => `  g${i}:\n    image: debian-12\n    depends-on: [g${(i + 1) % n}]\n`)}`;
    assert.deepEqual(await messages(ring(500)), [
      'These guests depend on each other: g0 → g1 → g2 → g3 → g4 → g5 → g6 → g7 → … → g499 → g0.',
    ]);
  });

  test('with aliases of aliases is not expanded', async () => {
    const lists = repeated(20, (i) => `      - &l${i + 1} [${`*l${i}, `.repeat(20)}]\n`);
    const text = `${GUEST}    cloud-init:\n      runcmd:\n      - &l0 [x]\n${lists}`;
    await assertQuick(() => load(text));
    assert.ok((await codes(text)).length > 0);
  });

  test('with thousands of aliases of a large value is not expanded', async () => {
    const text = `guests:\n  a: &a\n    image: debian-12\n    xml: "${'x'.repeat(100_000)}"\n${repeated(400, (i) => `  g${i}: *a\n`)}`;
    await assertQuick(() => load(text));
    assert.deepEqual(await messages(text), ['The aliases of this file expand to too much.']);
  });

  test('that is nested without end is not followed', async () => {
    for (const text of [`guests: ${'['.repeat(100_000)}`, '- '.repeat(100_000), '? '.repeat(100_000)])
      assert.deepEqual(await messages(text), [
        'This file is not read: a kvm.yaml may be nested up to 64 deep.',
      ]);
  });

  test('whose escapes are all wrong is told of quickly', () =>
    assertQuick(() => load(`guests: "${String.raw`\q`.repeat(400_000)}"`)));

  test('is edited in step with its keys', () =>
    assertLinear(
      1500,
      (n) => `${GUEST}    env:\n${repeated(n, (i) => `      K${i}: v\n`)}`,
      (text) => setInYaml(text, ['guests', 'b'], { image: 'debian-12' }),
    ));

  test('does not stop what is typed on a long line', async () => {
    const lines = [`  a: ${' '.repeat(50_000)}#`, `  a: [${' , '.repeat(20_000)}#`, `${'a'.repeat(50_000)}!`];
    for (const line of lines) await assertQuick(() => typingAt(`guests:\n${line}`, ''));
    await assertQuick(() => typingAt(`a:${' '.repeat(50_000)}x\u2028y\n  b`, ''));
  });
});

test('A key that is given twice is told where it is given again', async () => {
  const [problem] = (await load(`${GUEST}  a:\n    image: debian-12\n`)).problems;
  assert.equal(problem?.message, 'Line 4: This key is given twice.');
  assert.equal(problem.start, GUEST.length + 2);
});

test('A second document in the file is told of', async () => {
  assert.deepEqual(await messages(`${GUEST}---\n${GUEST}`), [
    'Line 4: A kvm.yaml is one document: “---” may not begin a second one.',
  ]);
});
