import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { KnownFrom } from '../../engines/environment/access/known-from.ts';
import { workspaceId } from '../../engines/environment/deploy/names.ts';
import { type Phase, phaseSentence, phaseText, stepOf } from '../../engines/environment/deploy/phase.ts';
import {
  fileKind,
  hasErrors,
  loadEnvironment,
  type LoadedEnvironment,
} from '../../engines/environment/file/load.ts';
import type { DeclaredGuest, Environment } from '../../engines/environment/file/model.ts';

/** How a guest is, as far as is known. */
export type GuestStatus =
  | { readonly kind: 'unknown'; readonly why: string }
  /** Nothing was made yet. */
  | { readonly kind: 'absent' }
  /** Another's domain has its name. */
  | { readonly kind: 'foreign' }
  | {
      readonly kind: 'there';
      readonly running: boolean;
      readonly state: string;
      readonly restartPending: boolean;
      readonly uuid: string;
      readonly address: { readonly address: string; readonly from: KnownFrom } | undefined;
      /** Why not all of its ports are open. */
      readonly closedPorts?: string | undefined;
    };

/** A guest that Up made, and that the file declares no more. */
export interface UndeclaredGuest {
  /** What the file called it. */
  readonly name: string;
  readonly domain: string;
  /** The host's name. */
  readonly host: string;
  readonly running: boolean;
}

/** One kvm.yaml: what it says now, how its guests are, and what is being done with them. */
export class EnvironmentEntry {
  readonly uri: vscode.Uri;
  readonly id: string;
  readonly onDidChange: vscode.Event<void>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #images: () => readonly string[];
  readonly #status = new Map<string, GuestStatus>();
  readonly #phases = new Map<string, { readonly phase: Phase; readonly since: number }>();
  #dropped: readonly UndeclaredGuest[] = [];
  #loaded: LoadedEnvironment | undefined;
  #isTaken = false;
  /** What was understood last, while the file is being edited. */
  #environment: Environment | undefined;

  constructor(uri: vscode.Uri, images: () => readonly string[]) {
    this.uri = uri;
    this.id = workspaceId(uri.fsPath);
    this.#images = images;
    this.onDidChange = this.#changed.event;
  }

  get environment(): Environment | undefined {
    return this.#environment;
  }

  get loaded(): LoadedEnvironment | undefined {
    return this.#loaded;
  }

  get guests(): readonly DeclaredGuest[] {
    return this.#environment?.guests ?? [];
  }

  guest(name: string): DeclaredGuest | undefined {
    return this.guests.find((guest) => guest.name === name);
  }

  /** What Up made, and the file declares no more. */
  get dropped(): readonly UndeclaredGuest[] {
    return this.#dropped;
  }

  setDropped(dropped: readonly UndeclaredGuest[]): void {
    const same = (each: UndeclaredGuest, index: number) => isSame(each, this.#dropped[index]);
    if (dropped.length === this.#dropped.length && dropped.every(same)) return;
    this.#dropped = dropped;
    this.#changed.fire();
  }

  status(guest: string): GuestStatus | undefined {
    return this.#status.get(guest);
  }

  /** What is being done with a guest, for a place that names it; undefined when nothing is. */
  phaseText(guest: string): string | undefined {
    const running = this.#phases.get(guest);
    return running === undefined ? undefined : phaseText(running.phase);
  }

  /** The same as a sentence that names the guest. */
  phaseSentence(guest: string): string | undefined {
    const running = this.#phases.get(guest);
    return running === undefined ? undefined : phaseSentence(guest, running.phase);
  }

  /** The same without how much of it is done. */
  stepSentence(guest: string): string | undefined {
    const running = this.#phases.get(guest);
    return running === undefined ? undefined : phaseSentence(guest, stepOf(running.phase));
  }

  /** Whether anything is being done with the file's guests. */
  get isBusy(): boolean {
    return this.#phases.size > 0;
  }

  /** Does one thing at a time with the file's guests: two would undo each other's work. @throws Error when it is not the only one */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isTaken)
      throw new Error(
        t('Another command is still working on the guests of {0}', vscode.workspace.asRelativePath(this.uri)),
      );
    this.#isTaken = true;
    try {
      return await work();
    } finally {
      this.#isTaken = false;
    }
  }

  setPhase(guest: string, phase: Phase): void {
    this.#phases.set(guest, { phase, since: Date.now() });
    this.#changed.fire();
  }

  clearPhases(): void {
    if (this.#phases.size === 0) return;
    this.#phases.clear();
    this.#changed.fire();
  }

  setStatus(guest: string, status: GuestStatus): void {
    if (JSON.stringify(this.#status.get(guest)) === JSON.stringify(status)) return;
    this.#status.set(guest, status);
    this.#changed.fire();
  }

  /** Reads the file again, as the editor has it where it is open. */
  async load(): Promise<LoadedEnvironment> {
    const open = vscode.workspace.textDocuments.find((each) => each.uri.toString() === this.uri.toString());
    const text =
      open?.getText() ?? Buffer.from(await vscode.workspace.fs.readFile(this.uri)).toString('utf8');
    const surroundings = { exists: fileKind, images: this.#images() };
    const loaded = await loadEnvironment(text, this.uri.fsPath, surroundings);
    this.#loaded = loaded;
    if (loaded.environment !== undefined && !hasErrors(loaded.problems))
      this.#environment = loaded.environment;
    this.#changed.fire();
    return loaded;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function isSame(a: UndeclaredGuest, b: UndeclaredGuest | undefined): boolean {
  return a.domain === b?.domain && a.host === b.host && a.running === b.running && a.name === b.name;
}
