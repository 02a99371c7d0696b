import { t } from '@vscode/l10n';
import { execa } from 'execa';
import { DebugError } from './error.ts';

/** gdb's name of an architecture that libvirt calls so. */
const GDB_ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'i386:x86-64',
  i686: 'i386',
  aarch64: 'aarch64',
  armv7l: 'armv7',
  riscv64: 'riscv:rv64',
  riscv32: 'riscv:rv32',
  ppc64: 'powerpc:common64',
  s390x: 's390:64-bit',
};

/** Those that a Debian or Fedora brings, in the order in which they are tried. */
const PROGRAMS = ['gdb', 'gdb-multiarch'];

type Verdict = 'good' | 'missing' | 'other-architecture';

/** A gdb that knows the guest's architecture. */
export interface Gdb {
  readonly program: string;
  /** Such as 13.1; empty when it does not say. */
  readonly version: string;
}

interface Answer {
  readonly verdict: Verdict;
  readonly version: string;
}

/**
 * The gdb for guests of that architecture (libvirt's name): the one that is set, else the first of the usual ones
 * that knows it. @throws DebugError that names the package to install.
 */
export async function findGdb(set: string | undefined, arch: string): Promise<Gdb> {
  const architecture = GDB_ARCHITECTURES[arch];
  if (architecture === undefined)
    throw new DebugError(
      'architecture',
      t('Guests of the architecture {0} cannot be debugged here', arch),
      t('Supported architectures: {0}.', Object.keys(GDB_ARCHITECTURES).join(', ')),
    );
  if (set !== undefined) return checkSet(set, arch, architecture);
  let found = false;
  for (const program of PROGRAMS) {
    const { verdict, version } = await judge(program, architecture);
    if (verdict === 'good') return { program, version };
    found ||= verdict === 'other-architecture';
  }
  const wanted = arch === 'x86_64' || arch === 'i686' ? 'gdb' : 'gdb-multiarch';
  throw found
    ? new DebugError(
        'gdb-architecture',
        t('The gdb of this machine does not know {0}', arch),
        t('Install the package {0}.', wanted),
      )
    : new DebugError(
        'no-gdb',
        t('There is no gdb on this machine'),
        t('Install the package {0}, or set “kvm.debug.gdb” to a gdb.', wanted),
      );
}

async function checkSet(program: string, arch: string, architecture: string): Promise<Gdb> {
  const { verdict, version } = await judge(program, architecture);
  switch (verdict) {
    case 'good':
      return { program, version };
    case 'missing':
      throw new DebugError(
        'no-gdb',
        t('The debugger {0} cannot be run', program),
        t('Correct “gdb” in the configuration or the setting “kvm.debug.gdb”, or install it.'),
      );
    case 'other-architecture':
      throw new DebugError(
        'gdb-architecture',
        t('The debugger {0} does not know {1}', program, arch),
        t('Install the package gdb-multiarch and set “gdb” to it, or remove “gdb”.'),
      );
  }
}

/** The verdicts of one run of the editor: a gdb that is replaced is asked again after a minute. */
const verdicts = new Map<string, { readonly answer: Promise<Answer>; readonly until: number }>();
const MEMORY_MS = 60_000;

function judge(program: string, architecture: string): Promise<Answer> {
  const key = `${program}\0${architecture}`;
  const known = verdicts.get(key);
  if (known !== undefined && known.until > Date.now()) return known.answer;
  const answer = ask(program, architecture);
  verdicts.set(key, { answer, until: Date.now() + MEMORY_MS });
  // What was missing may be installed the next moment.
  void answer.then(({ verdict }) => verdict !== 'good' && verdicts.delete(key));
  return answer;
}

async function ask(program: string, architecture: string): Promise<Answer> {
  const { failed, exitCode, stdout, stderr } = await execa(
    program,
    // not for people: gdb reads it
    ['--nx', '--batch', '--ex', 'show version', '--ex', `set architecture ${architecture}`],
    { stdin: 'ignore', reject: false, timeout: 20_000, env: { LC_ALL: 'C' } },
  );
  const version = /^GNU gdb.*?(\d+(?:\.\d+)+)\s*$/m.exec(stdout)?.[1] ?? '';
  if (exitCode === undefined || (failed && exitCode === 127)) return { verdict: 'missing', version };
  const good = /set to ".*"/.test(`${stdout}${stderr}`) && !/Undefined item/.test(stderr);
  return { verdict: good ? 'good' : 'other-architecture', version };
}
