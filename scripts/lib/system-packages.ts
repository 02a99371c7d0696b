import { createInterface } from 'node:readline/promises';
import { execa } from 'execa';
import type { Requirement } from './requirements.ts';
import { step } from './steps.ts';

/** The person has to do something first; the message says what, and a stack would only hide it. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

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
  const [command = '', ...rest] = process.getuid?.() === 0 ? apt : ['sudo', ...apt];
  // The terminal stays the input, for sudo's question.
  await execa(command, rest, { stdin: 'inherit', all: true });
}

/**
 * Installs what is missing, after asking.
 * @param yes do not ask, as in CI
 * @throws SetupError when it may not or cannot be installed here
 */
export async function ensureSystemPackages(
  requirements: readonly Requirement[],
  yes: boolean,
): Promise<void> {
  const missing = await missingPackages(requirements);
  if (missing.length === 0) return;

  const names = missing.join(' ');
  if (!(await hasApt())) {
    throw new SetupError(
      `These are missing, by their Debian names: ${names}\n` +
        'There is no apt-get here to install them with; please install what they are called on this system.',
    );
  }
  const command = `${process.getuid?.() === 0 ? '' : 'sudo '}apt-get install --no-install-recommends ${names}`;
  console.log(`These system packages are missing: ${names}`);
  if (!yes && !process.stdin.isTTY) {
    throw new SetupError(`Install them with\n  ${command}\nor run this again with --yes.`);
  }
  if (!yes && !(await agrees('Install them now?'))) {
    throw new SetupError(`Nothing was installed. The command is\n  ${command}`);
  }
  await step('apt-get update', () => runApt(['update']));
  await step(`apt-get install ${names}`, () =>
    runApt(['install', '--yes', '--no-install-recommends', ...missing]),
  );
}
