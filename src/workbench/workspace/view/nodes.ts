import type { KnownFrom } from '../../../engines/environment/access/known-from.ts';
import type { DeclaredGuest, DeclaredMount, DeclaredPort } from '../../../engines/environment/file/model.ts';
import type { EnvironmentEntry } from '../entry.ts';

/** A kvm.yaml in the Workspace view. */
export class FileNode {
  readonly kind = 'file';
  readonly entry: EnvironmentEntry;

  constructor(entry: EnvironmentEntry) {
    this.entry = entry;
  }
}

/** A guest that a file declares. Kept as long as the file, so that the tree recognises it. */
export class GuestNode {
  readonly kind = 'guest';
  readonly entry: EnvironmentEntry;
  readonly name: string;

  constructor(entry: EnvironmentEntry, name: string) {
    this.entry = entry;
    this.name = name;
  }

  get guest(): DeclaredGuest | undefined {
    return this.entry.environment?.guests.find(({ name }) => name === this.name);
  }

  get id(): string {
    return `${this.entry.uri.toString()}#${this.name}`;
  }
}

/** Something of a guest: how it is reached, and what it shares. */
export type PartNode = { readonly kind: 'part'; readonly parent: GuestNode } & (
  | { readonly type: 'address'; readonly address: string; readonly from: KnownFrom }
  | { readonly type: 'port'; readonly port: DeclaredPort }
  | { readonly type: 'mount'; readonly mount: DeclaredMount }
);

/** Why there is nothing to see in a file. */
export interface MessageNode {
  readonly kind: 'message';
  readonly entry: EnvironmentEntry;
  readonly text: string;
}

/** A guest that Up made, and that the file declares no more. */
export interface DroppedNode {
  readonly kind: 'dropped';
  readonly entry: EnvironmentEntry;
  /** What the file called it. */
  readonly name: string;
  readonly domain: string;
  readonly host: string;
  readonly running: boolean;
}

export type WorkspaceNode = FileNode | GuestNode | DroppedNode | PartNode | MessageNode;
