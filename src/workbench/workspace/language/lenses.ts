import * as vscode from 'vscode';
import type { CommandId } from '../../manifest/commands.ts';
import { iconAndTitleOf, link } from '../../ui/commands.ts';
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
      lenses.push(
        ...verbs(whole, entry, undefined, [
          'kvm.environment.up',
          'kvm.environment.down',
          'kvm.environment.plan',
          'kvm.environment.destroy',
        ]),
      );
    for (const { name, ssh } of entry.guests) {
      const range = at(['guests', name]);
      if (range === undefined) continue;
      const status = entry.status(name);
      const running = status?.kind === 'there' && status.running;
      const commands: CommandId[] = running
        ? ['kvm.environment.down', 'kvm.environment.reload']
        : ['kvm.environment.up'];
      if (running && ssh !== undefined) commands.push('kvm.environment.ssh');
      const state = entry.phaseText(name) ?? describeGuest(entry, name);
      lenses.push(
        new vscode.CodeLens(range, link('kvm.environment.status', [], state)),
        ...verbs(range, entry, name, commands),
      );
    }
    return lenses;
  }
}

function verbs(
  range: vscode.Range,
  { uri }: EnvironmentEntry,
  guest: string | undefined,
  commands: readonly CommandId[],
): readonly vscode.CodeLens[] {
  const target = guest === undefined ? { uri } : { uri, guest };
  return commands.map((id) => new vscode.CodeLens(range, link(id, [target], iconAndTitleOf(id))));
}
