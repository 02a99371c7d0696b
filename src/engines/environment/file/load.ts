import { stat } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import { checkMeaning, type Surroundings } from './check-meaning.ts';
import { checkSchema } from './check-schema.ts';
import { EnvironmentDocument } from './document.ts';
import type { Environment } from './model.ts';
import { problem, type Problem } from './problem.ts';
import { readEnvironment } from './read-environment.ts';

/** More than one host runs, each of which is looked at when something changes there. */
const MAX_GUESTS = 500;
/** Nobody reads more, and an editor would not show them. */
const MAX_PROBLEMS = 1000;

export interface LoadedEnvironment {
  readonly document: EnvironmentDocument;
  /** Undefined while errors keep the file from being understood. */
  readonly environment: Environment | undefined;
  readonly problems: readonly Problem[];
}

/** Reads the text of a kvm.yaml and finds everything that is wrong with it, without touching any host. */
export async function loadEnvironment(
  text: string,
  file: string,
  surroundings: Surroundings,
): Promise<LoadedEnvironment> {
  const { problems, ...loaded } = await loadAll(text, file, surroundings);
  return { ...loaded, problems: problems.slice(0, MAX_PROBLEMS) };
}

async function loadAll(text: string, file: string, surroundings: Surroundings): Promise<LoadedEnvironment> {
  const document = new EnvironmentDocument(text);
  if (hasErrors(document.problems)) return { document, environment: undefined, problems: document.problems };
  const bySchema = checkSchema(document);
  const problems = [...document.problems, ...bySchema];
  if (hasErrors(bySchema)) return { document, environment: undefined, problems };
  let value: unknown;
  try {
    value = document.toValue();
  } catch {
    const endless = problem({ start: 0, end: 1 }, 'yaml', t('The aliases of this file expand to too much.'));
    return { document, environment: undefined, problems: [...problems, endless] };
  }
  const environment = readEnvironment(value, file);
  const count = environment.guests.length;
  if (count > MAX_GUESTS) {
    const message = t('A kvm.yaml may have up to {0} guests: this one has {1}.', MAX_GUESTS, count);
    const tooMany = problem(document.keyRange(['guests']) ?? { start: 0, end: 1 }, 'too-large', message);
    return { document, environment: undefined, problems: [...problems, tooMany] };
  }
  const meant = await checkMeaning(document, environment, surroundings);
  return { document, environment, problems: [...problems, ...meant].toSorted((a, b) => a.start - b.start) };
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

/** What is a file and what a folder on this machine. */
export async function fileKind(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    const found = await stat(path);
    // A block device is as good as a file.
    return found.isDirectory() ? 'folder' : 'file';
  } catch {
    return undefined;
  }
}
