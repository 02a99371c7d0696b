import type { KnownFrom } from '../../../engines/environment/access/known-from.ts';
import type { DeclaredGuest, DeclaredMount, DeclaredPort } from '../../../engines/environment/file/model.ts';
import type { EnvironmentEntry, UndeclaredGuest } from '../entry.ts';

/** A kvm.yaml in the Workspace view. It keeps the nodes of its guests, so that the tree recognises them. */
export class FileNode {
  readonly kind = 'file';
  readonly entry: EnvironmentEntry;
  readonly #guests = new Map<string, GuestNode>();

  constructor(entry: EnvironmentEntry) {
    this.entry = entry;
  }

  /** A guest that the file declares. */
  guest(name: string): GuestNode {
    let node = this.#guests.get(name);
    if (node === undefined) this.#guests.set(name, (node = new GuestNode(this.entry, name)));
    return node;
  }
}

/** A guest that a file declares. */
export class GuestNode {
  readonly kind = 'guest';
  readonly entry: EnvironmentEntry;
  readonly name: string;

  constructor(entry: EnvironmentEntry, name: string) {
    this.entry = entry;
    this.name = name;
  }

  get guest(): DeclaredGuest | undefined {
    return this.entry.guest(this.name);
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
export interface DroppedNode extends UndeclaredGuest {
  readonly kind: 'dropped';
  readonly entry: EnvironmentEntry;
}

export function droppedNode(entry: EnvironmentEntry, guest: UndeclaredGuest): DroppedNode {
  return { kind: 'dropped', entry, ...guest };
}

export type WorkspaceNode = FileNode | GuestNode | DroppedNode | PartNode | MessageNode;
