import { createInterface } from 'node:readline/promises';
import { execa } from 'execa';
import type { Requirement } from './requirements.ts';
import { step } from './steps.ts';

/** The person has to do something first; the message says what, and a stack would only hide it. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

const isRoot = process.getuid?.() === 0;

async function missingPackages(requirements: readonly Requirement[]): Promise<string[]> {
  const missing = new Set<string>();
  for (const requirement of requirements) {
    if (await requirement.isPresent()) continue;
    for (const name of requirement.packages) missing.add(name);
  }
  return [...missing].toSorted();
}

async function agrees(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(?:es)?$/iu.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

async function hasApt(): Promise<boolean> {
  const { failed } = await execa('apt-get', ['--version'], { reject: false });
  return !failed;
}

async function runApt(args: readonly string[]): Promise<void> {
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args];
  const [command = '', ...rest] = isRoot ? apt : ['sudo', ...apt];
  // The terminal stays the input, for sudo's question.
  await execa(command, rest, { stdin: 'inherit', all: true });
}

/**
 * Whether what is missing is installed: `--yes` and CI say so, a person at a terminal is asked, and root without a
 * terminal is a container or a script that wants it done. Only somebody else without a terminal has to do it first.
 */
function consent(yes: boolean): 'given' | 'asked for' | 'refused' {
  if (yes || process.env['CI'] === 'true' || process.env['CI'] === '1') return 'given';
  if (process.stdin.isTTY) return 'asked for';
  return isRoot ? 'given' : 'refused';
}

/** npm takes `npm start --yes` for an option of its own, and tells the script nothing but this. */
function keptByNpm(): string {
  const { npm_config_yes: yes, npm_lifecycle_event: script = 'start' } = process.env;
  const command = script === 'start' || script === 'test' ? script : `run ${script}`;
  return yes === 'true' ? `\nnpm kept --yes for itself; to have them installed: npm ${command} -- --yes` : '';
}

/**
 * Installs what is missing, and names it; see {@link consent} for whom it asks.
 * @param yes the option `--yes` of the command line
 * @throws SetupError when it may not or cannot be installed here
 */
export async function ensureSystemPackages(requirements: readonly Requirement[], yes = false): Promise<void> {
  const missing = await missingPackages(requirements);
  if (missing.length === 0) return;

  const names = missing.join(' ');
  if (!(await hasApt())) {
    throw new SetupError(
      `These are missing, by their Debian names: ${names}\n` +
        'There is no apt-get here to install them with; please install what they are called on this system.',
    );
  }
  const command = `${isRoot ? '' : 'sudo '}apt-get install --no-install-recommends ${names}`;
  const may = consent(yes);
  if (may === 'refused') {
    throw new SetupError(
      `System packages are missing; install them and run this again:\n  ${command}${keptByNpm()}`,
    );
  }
  console.log(`These system packages are missing: ${names}`);
  if (may === 'asked for' && !(await agrees('Install them now?'))) {
    throw new SetupError(`Nothing was installed. The command is\n  ${command}${keptByNpm()}`);
  }
  await step('apt-get update', () => runApt(['update']));
  await step(`apt-get install ${names}`, () =>
    runApt(['install', '--yes', '--no-install-recommends', ...missing]),
  );
}
