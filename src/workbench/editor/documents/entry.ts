import { createHash } from 'node:crypto';
import type * as vscode from 'vscode';
import type { ObjectAddress } from '../../ui/domain-uri.ts';

/** What is known of one document. Texts may hold passwords: they are kept in memory only. */
export interface Entry {
  readonly uri: vscode.Uri;
  readonly address: ObjectAddress;
  /** What the host had when it was last asked. */
  text: string;
  /** Grows with every change of `text`, in ms since 1970. */
  mtime: number;
  readOnly: string | undefined;
  /** What the text in the editor began as: a save must find this on the host. Unknown after a reload. */
  base: Version | undefined;
  /** It is not on the host any more. */
  gone: boolean;
}

export interface Version {
  /** Undefined when it was read before a reload. */
  readonly text: string | undefined;
  readonly hash: string;
  readonly mtime: number;
  readonly size: number;
}

export function versionOf({ text, mtime }: Pick<Entry, 'text' | 'mtime'>): Version {
  return { text, hash: hashOf(text), mtime, size: Buffer.byteLength(text) };
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/** Remembers over reloads what unsaved texts began as: a fingerprint only, since the text may hold passwords. */
export class Fingerprints {
  readonly #state: vscode.Memento;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  get(uri: vscode.Uri): Version | undefined {
    const kept = this.#all()[uri.toString()];
    return kept === undefined ? undefined : { ...kept, text: undefined };
  }

  async keep(uri: vscode.Uri, { hash, mtime, size }: Version): Promise<void> {
    await this.#state.update(KEY, { ...this.#all(), [uri.toString()]: { hash, mtime, size } });
  }

  async forget(uri: vscode.Uri): Promise<void> {
    const { [uri.toString()]: _, ...others } = this.#all();
    await this.#state.update(KEY, others);
  }

  #all(): Readonly<Record<string, Omit<Version, 'text'>>> {
    return this.#state.get(KEY, {});
  }
}

const KEY = 'kvm.documents';
