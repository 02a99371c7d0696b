import { t } from '@vscode/l10n';
import { nearestNames } from '../../../language/schema/suggest.ts';
import type { EnvironmentDocument } from './document.ts';
import type { DeclaredGuest } from './model.ts';
import { problem, type Problem } from './problem.ts';

/** Looking for what was meant compares a name with all others. */
const MAX_SUGGESTIONS = 20;
/** Longer rounds are told by their first names and their last. */
const MAX_NAMES = 8;

/** Guests that depend on what this file does not have, on themselves, or on each other. */
export function checkDependencies(
  document: EnvironmentDocument,
  guests: readonly DeclaredGuest[],
): readonly Problem[] {
  return [...unknownGuests(document, guests), ...new RoundFinder(document, guests).find()];
}

function unknownGuests(document: EnvironmentDocument, guests: readonly DeclaredGuest[]): readonly Problem[] {
  const names = new Set(guests.map(({ name }) => name));
  const problems: Problem[] = [];
  for (const guest of guests)
    for (const [index, name] of guest.dependsOn.entries()) {
      if (names.has(name)) continue;
      const [nearest] = problems.length < MAX_SUGGESTIONS ? nearestNames(name, names) : [];
      const message =
        nearest === undefined
          ? t('This file has no guest “{0}”.', name)
          : t('This file has no guest “{0}”. Did you mean “{1}”?', name, nearest);
      const range = document.rangeOf(['guests', guest.name, 'depends-on', index]);
      problems.push(problem(range, 'unknown-guest', message));
    }
  return problems;
}

/** A guest on the way from one that the search began with. */
interface Step {
  readonly name: string;
  /** Which of those that it depends on comes next. */
  next: number;
}

/** Goes along each dependency once, and without calling itself: a chain may be as long as the file. */
class RoundFinder {
  readonly #document: EnvironmentDocument;
  readonly #dependsOn: ReadonlyMap<string, readonly string[]>;
  readonly #done = new Set<string>();
  readonly #way: Step[] = [];
  /** Where on the way a guest stands. */
  readonly #places = new Map<string, number>();
  readonly #problems: Problem[] = [];

  constructor(document: EnvironmentDocument, guests: readonly DeclaredGuest[]) {
    this.#document = document;
    this.#dependsOn = new Map(guests.map(({ name, dependsOn }) => [name, dependsOn]));
  }

  find(): readonly Problem[] {
    for (const name of this.#dependsOn.keys()) {
      this.#enter(name);
      for (let step = this.#way.at(-1); step !== undefined; step = this.#way.at(-1)) this.#goOn(step);
    }
    return this.#problems;
  }

  #enter(name: string): void {
    if (this.#done.has(name)) return;
    // One guest may close many rounds: one is told, since a person can only mend one after the other.
    this.#done.add(name);
    this.#places.set(name, this.#way.length);
    this.#way.push({ name, next: 0 });
  }

  #goOn(step: Step): void {
    const index = step.next++;
    const other = this.#dependsOn.get(step.name)?.[index];
    if (other === undefined) {
      this.#places.delete(step.name);
      this.#way.pop();
      return;
    }
    const place = this.#places.get(other);
    if (place === undefined) this.#enter(other);
    else this.#tell(step.name, index, place);
  }

  #tell(name: string, index: number, place: number): void {
    const range = this.#document.rangeOf(['guests', name, 'depends-on', index]);
    const message =
      place === this.#way.length - 1
        ? t('“{0}” depends on itself.', name)
        : t('These guests depend on each other: {0}.', this.#round(place));
    this.#problems.push(problem(range, 'cycle', message));
  }

  /** The guests from a place on the way to its end, and the first of them again. */
  #round(place: number): string {
    const length = this.#way.length - place;
    const names = this.#way.slice(place, place + MAX_NAMES).map(({ name }) => name);
    if (length > MAX_NAMES) names.push('…', this.#way.at(-1)?.name ?? '');
    return [...names, names[0] ?? ''].join(' → ');
  }
}
