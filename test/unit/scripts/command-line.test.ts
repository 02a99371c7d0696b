import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';

const SCHEMA = `<grammar xmlns="http://relaxng.org/ns/structure/1.0"><start>
  <element name="ROOT"><interleave>
    <element name="name"><text/></element>
    <optional><element name="vcpu"><choice><value>1</value><value>2</value></choice></element></optional>
    <optional><element name="uuid"><text/></element></optional>
    <zeroOrMore><element><choice><name>memory</name><name>currentMemory</name></choice>
      <optional><attribute name="unit"/></optional><text/></element></zeroOrMore>
    <optional><attribute name="type"/></optional>
  </interleave></element>
</start></grammar>`;

const FILES = {
  'domain.rng': SCHEMA.replace('ROOT', 'domain'),
  'network.rng': SCHEMA.replace('ROOT', 'network'),
  'good.xml': '<domain>\n  <name>a</name>\n</domain>\n',
  'bad.xml': '<domain>\n  <nam>a</nam>\n  <vcpu>3</vcpu>\n</domain>\n',
  'cut.xml': '<domain>\n  <name>a</name>\n',
  'hint.xml': '<domain><name>a</name><memory/><uuid/></domain>',
  'doubt.xml':
    "<domain type='qemu'><name>a</name><memory unit='MiB'>1</memory><currentMemory unit='MiB'>2</currentMemory></domain>",
  'other.xml': '<project/>',
  'network.xml': '<network><name>n</name></network>',
  'agree.tsv': 'file\tschema\tjing\ngood.xml\tdomain.rng\tvalid\nbad.xml\tdomain.rng\tinvalid\n',
  'differ.tsv':
    'kind\tjing\txmllint\tfile\tschema\nx\tinvalid\tvalid\tgood.xml\tdomain.rng\nx\tvalid\tvalid\tbad.xml\tdomain.rng\n',
  'empty.tsv': 'file\tschema\tverdict\n',
};

interface Outcome {
  readonly lines: readonly string[];
  readonly errors: string;
  readonly code: number | undefined;
}

suite('On the command line', { concurrency: 2 }, () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-cli-'));
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
    await writeFile(join(folder, 'wide.xml'), '\uFEFF<network><name>n</name><nam/></network>', 'utf16le');
    await writeFile(
      join(folder, 'old.xml'),
      `<?xml version='1.0' encoding='ISO-8859-1'?><network><name>\xe4</name><nam/></network>`,
      'latin1',
    );
  });

  after(() => rm(folder, { recursive: true, force: true }));

  /** Paths in the arguments are relative to the folder of the files. */
  async function run(script: string, ...args: readonly string[]): Promise<Outcome> {
    const file = join(import.meta.dirname, '../../../scripts', `${script}.ts`);
    const { stdout, stderr, exitCode } = await execa(process.execPath, [file, ...args, '--schemas', folder], {
      cwd: folder,
      reject: false,
    });
    return { lines: stdout === '' ? [] : stdout.split('\n'), errors: stderr, code: exitCode };
  }

  test('validate says nothing of a valid file, and succeeds', async () => {
    assert.deepEqual(await run('validate', 'good.xml', 'network.xml'), { lines: [], errors: '', code: 0 });
  });

  test('validate prints each mistake with its place, and fails', async () => {
    const { lines, code } = await run('validate', 'good.xml', 'bad.xml', 'cut.xml');
    assert.deepEqual(lines, [
      'bad.xml:2:4-2:7 <domain> may not contain <nam>: did you mean <name>?',
      'bad.xml:3:9-3:10 “3” is not a valid value for <vcpu>: expected “1” or “2”.',
      'cut.xml:1:1-1:9 <domain> is not closed: the document ends before its end tag.',
    ]);
    assert.equal(code, 1);
  });

  test('validate reads a file in the encoding that it says it has', async () => {
    const { lines } = await run('validate', 'wide.xml', 'old.xml');
    assert.deepEqual(lines, [
      'wide.xml:1:25-1:28 <network> may not contain <nam>.',
      'old.xml:1:68-1:71 <network> may not contain <nam>.',
    ]);
  });

  test('validate prints hints, which are no mistakes', async () => {
    const { lines, code } = await run('validate', 'hint.xml');
    assert.equal(code, 0);
    assert.match(lines[0] ?? '', /^hint\.xml:1:\d+-1:\d+ hint: /u);
  });

  test('validate warns of what no schema says', async () => {
    const { lines, code } = await run('validate', 'doubt.xml');
    assert.deepEqual(lines, [
      'doubt.xml:1:90-1:91 warning: currentMemory is more than memory (1 MiB); libvirt lowers it to that.',
    ]);
    assert.equal(code, 0);
  });

  test('validate takes another kind than the root says, and knows what is none of libvirt’s', async () => {
    const { lines, code } = await run('validate', 'good.xml', '--kind', 'network');
    assert.deepEqual(lines, ['good.xml:1:2-1:8 The document must be <network>, not <domain>.']);
    assert.equal(code, 1);
    assert.deepEqual((await run('validate', 'other.xml')).lines, [
      "other.xml:1:2-1:9 <project> is none of libvirt's documents.",
    ]);
  });

  test('validate prints JSON', async () => {
    const { lines, code } = await run('validate', 'bad.xml', '--json');
    const [first] = JSON.parse(lines.join('\n')) as unknown[];
    assert.deepEqual(first, {
      file: 'bad.xml',
      line: 2,
      column: 4,
      endLine: 2,
      endColumn: 7,
      code: 'unexpected-element',
      severity: 'error',
      message: '<domain> may not contain <nam>: did you mean <name>?',
    });
    assert.equal(code, 1);
    assert.deepEqual((await run('validate', 'good.xml', '--json')).lines, ['[]']);
  });

  test('validate checks the others when it cannot read one', async () => {
    const { lines, errors, code } = await run('validate', 'nowhere.xml', 'cut.xml');
    assert.match(errors, /^nowhere\.xml cannot be read: /u);
    assert.equal(lines.length, 1);
    assert.equal(code, 1);
  });

  test('validate says what it does not know', async () => {
    for (const args of [['good.xml', '--kind', 'nonsense'], []]) {
      const { code, errors, lines } = await run('validate', ...args);
      assert.equal(code, 1);
      assert.match(errors + lines.join('\n'), /“nonsense”|usage:/u);
      assert.doesNotMatch(errors, /^\s+at /mu);
    }
  });

  test('conformance agrees, with a summary in the last line', async () => {
    const { lines, code } = await run('conformance', 'agree.tsv');
    assert.deepEqual(lines, ['2 of 2 documents agree with jing (100.00%)']);
    assert.equal(code, 0);
  });

  test('conformance prints every disagreement, wherever its columns are', async () => {
    const { lines, code } = await run('conformance', 'differ.tsv');
    assert.deepEqual(lines, [
      'good.xml (domain.rng): jing says invalid, we say valid',
      'bad.xml (domain.rng): jing says valid, we say <domain> may not contain <nam>: did you mean <name>?',
      '0 of 2 documents agree with jing (0.00%)',
    ]);
    assert.equal(code, 1);
  });

  test('conformance needs its columns', async () => {
    const { code, errors } = await run('conformance', 'empty.tsv');
    assert.equal(code, 1);
    assert.match(errors, /no columns file, schema and jing/u);
  });
});

/** How a command line is run: by whom, and whether somebody could answer it. */
interface Caller {
  readonly root: boolean;
  readonly terminal: boolean;
  readonly arguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const isRoot = process.getuid?.() === 0;
/** Another user than the one who runs the tests is made by a namespace, which some systems allow nobody. */
const cannotChangeUser = (await execa('unshare', ['--user', '--map-root-user', 'true'], { reject: false }))
  .failed;
const needsAnother = { skip: cannotChangeUser && 'Nobody may make a user namespace here' };

suite('On a machine without the packages', { concurrency: 2 }, () => {
  let bin: string;

  /** Whose apt-get keeps what it is told, and installs nothing. */
  before(async () => {
    bin = await mkdtemp(join(tmpdir(), 'kvm-workbench-bin-'));
    await chmod(bin, 0o777);
    await symlink('/usr/bin/env', join(bin, 'env'));
    await writeFile(
      join(bin, 'apt-get'),
      '#!/bin/sh\n[ "$1" = --version ] && exit\necho "apt-get $*"\n[ "$2" = update ]\n',
      { mode: 0o755 },
    );
    await writeFile(join(bin, 'sudo'), '#!/bin/sh\necho by sudo\nexec "$@"\n', { mode: 0o755 });
  });

  after(() => rm(bin, { recursive: true, force: true }));

  async function run(
    script: string,
    caller: Caller,
  ): Promise<{ readonly said: string; readonly code: number | undefined }> {
    const namespace = caller.root ? ['unshare', '--user', '--map-root-user'] : ['unshare', '--user'];
    const file = join(import.meta.dirname, '../../../scripts', `${script}.ts`);
    const words = [
      ...(caller.root === isRoot ? [] : namespace),
      'env',
      '-u',
      'CI',
      `PATH=${bin}`,
      ...Object.entries(caller.env ?? {}).map(([name, value]) => `${name}=${value}`),
      process.execPath,
      file,
      ...(caller.arguments ?? []),
    ];
    const [command = '', ...rest] = caller.terminal
      ? [
          'script',
          '--quiet',
          '--return',
          '--command',
          words.map((word) => `'${word}'`).join(' '),
          '/dev/null',
        ]
      : words;
    const { all, exitCode } = await execa(command, rest, {
      all: true,
      reject: false,
      ...(caller.terminal ? { input: 'n\n' } : { stdin: 'ignore' as const }),
    });
    return { said: all, code: exitCode };
  }

  for (const { script, arguments: given } of [
    { script: 'test', arguments: ['integration'] },
    { script: 'start', arguments: ['--no-open'] },
    { script: 'bench', arguments: ['debug'] },
  ])
    test(`${script} names and installs them for root without a terminal`, needsAnother, async () => {
      const { said } = await run(script, { root: true, terminal: false, arguments: given });
      assert.match(said, /^These system packages are missing: .*\bgcc\b/mu);
      assert.match(said, /apt-get -qq install --yes --no-install-recommends .*\bgcc\b/u);
      assert.doesNotMatch(said, /\[y\/N\]/u);
    });

  test('anybody else without a terminal is told the one command', needsAnother, async () => {
    const { said, code } = await run('test', { root: false, terminal: false, arguments: ['integration'] });
    assert.match(
      said,
      /^System packages are missing; install them and run this again:\n {2}sudo apt-get install --no-install-recommends [^\n]*\bgcc\b[^\n]*$/u,
    );
    assert.equal(code, 1);
  });

  test('whoever gave --yes to npm is told where it belongs', needsAnother, async () => {
    const env = { npm_config_yes: 'true', npm_lifecycle_event: 'start' };
    const { said } = await run('start', { root: false, terminal: false, arguments: ['--no-open'], env });
    assert.match(said, /^npm kept --yes for itself; to have them installed: npm start -- --yes$/mu);
  });

  for (const [what, rest] of [
    ['--yes', { arguments: ['integration', '--yes'] }],
    ['CI', { arguments: ['integration'], env: { CI: 'true' } }],
  ] as const)
    test(`${what} installs them for anybody`, needsAnother, async () => {
      const { said } = await run('test', { root: false, terminal: false, ...rest });
      assert.match(said, /^by sudo\napt-get -qq install --yes .*\bgcc\b/mu);
      assert.doesNotMatch(said, /\[y\/N\]/u);
    });

  for (const root of [true, false])
    test(`${root ? 'root' : 'anybody else'} at a terminal is asked first`, needsAnother, async () => {
      const { said, code } = await run('test', { root, terminal: true, arguments: ['integration'] });
      assert.match(said, /^These system packages are missing: .*\bgcc\b/mu);
      assert.match(said, /Install them now\? \[y\/N\] /u);
      assert.match(said, /Nothing was installed\. The command is/u);
      assert.equal(code, 1);
    });
});
