import * as vscode from 'vscode';
import type { Environments } from '../environments.ts';
import type { EnvironmentEntry } from '../entry.ts';
import { describeGuest } from '../view/items.ts';

/** Verbs above the guests of a kvm.yaml, and above all of them, with what they are doing. */
export class GuestLenses implements vscode.CodeLensProvider {
  readonly onDidChangeCodeLenses: vscode.Event<void>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #environments: Environments;

  constructor(environments: Environments) {
    this.#environments = environments;
    this.onDidChangeCodeLenses = this.#changed.event;
    environments.onDidChange(() => this.#changed.fire());
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const entry = this.#environments.entry(document.uri);
    const source = entry?.loaded?.document;
    if (entry === undefined || source === undefined) return [];
    const at = (path: readonly string[]) => {
      const range = source.keyRange(path);
      return range === undefined
        ? undefined
        : new vscode.Range(document.positionAt(range.start), document.positionAt(range.end));
    };
    const lenses: vscode.CodeLens[] = [];
    const whole = at(['guests']);
    if (whole !== undefined)
      lenses.push(...verbs(whole, entry, undefined, ['up', 'down', 'plan', 'destroy']));
    for (const { name, ssh } of entry.guests) {
      const range = at(['guests', name]);
      if (range === undefined) continue;
      const status = entry.status(name);
      const running = status?.kind === 'there' && status.running;
      const keys: Verb[] = running
        ? ['down', 'reload', ...(ssh === undefined ? [] : (['ssh'] as const))]
        : ['up'];
      const state = entry.phaseText(name) ?? describeGuest(entry, name);
      lenses.push(
        new vscode.CodeLens(range, { title: state, command: 'kvm.environment.status' }),
        ...verbs(range, entry, name, keys),
      );
    }
    return lenses;
  }
}

const TITLES = {
  up: '$(play) Up',
  down: '$(debug-stop) Down',
  reload: '$(debug-restart) Reload',
  ssh: '$(terminal) SSH',
  plan: '$(git-compare) Plan',
  destroy: '$(trash) Destroy…',
} as const;

type Verb = keyof typeof TITLES;

function verbs(
  range: vscode.Range,
  { uri }: EnvironmentEntry,
  guest: string | undefined,
  keys: readonly Verb[],
): readonly vscode.CodeLens[] {
  return keys.map(
    (key) =>
      new vscode.CodeLens(range, {
        title: TITLES[key],
        command: `kvm.environment.${key}`,
        arguments: [guest === undefined ? { uri } : { uri, guest }],
      }),
  );
}
