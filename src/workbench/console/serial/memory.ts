import type { Memento } from 'vscode';
import type { PortId } from './ports.ts';

const KEY = 'kvm.openConsoles';

/** A console as it is remembered from one window to the next. */
export interface OpenConsoleMark {
  readonly host: string;
  readonly uuid: string;
  /** What it was called, for as long as its host has not told. */
  readonly name?: string;
  readonly port: PortId;
  readonly portName: string;
}

export function wereOpen(memory: Memento): readonly OpenConsoleMark[] {
  return memory.get<readonly OpenConsoleMark[]>(KEY, []);
}

export async function rememberOpen(memory: Memento, marks: readonly OpenConsoleMark[]): Promise<void> {
  await memory.update(KEY, marks.length === 0 ? undefined : marks);
}
