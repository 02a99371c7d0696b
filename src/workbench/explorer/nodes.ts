import type { DomainTarget } from '../../model/inventory/domain-target.ts';
import type { ObjectRecord } from '../../model/inventory/kinds/kind.ts';
import { ObjectTarget } from '../../model/inventory/object-target.ts';
import type { Host } from '../../model/inventory/host.ts';
import type { Branch } from './branch.ts';

/** A host in the tree. Kept as long as its host is, so that the tree can recognise it. */
export class HostNode {
  readonly kind = 'host';
  readonly host: Host;

  constructor(host: Host) {
    this.host = host;
  }

  get id(): string {
    return this.host.id;
  }
}

/** All objects of one kind below their host. Nothing is read of them before it is unfolded. */
export class BranchNode {
  readonly kind = 'branch';
  readonly host: Host;
  readonly branch: Branch;

  constructor(host: Host, branch: Branch) {
    this.host = host;
    this.branch = branch;
  }

  get id(): string {
    return `${this.host.id}#${this.branch.kind.name}`;
  }

  /** What stands below it. */
  get contents(): Contents {
    return { branch: this.branch, of: undefined };
  }
}

/** One object of a branch. It only points: what is known of it is looked up when it is shown. */
export class ObjectNode {
  readonly kind = 'object';
  readonly parent: Shelf;
  readonly branch: Branch;
  readonly target: ObjectTarget;

  constructor(parent: Shelf, { branch, of }: Contents, key: string) {
    this.parent = parent;
    this.branch = branch;
    const { name } = branch.kind;
    this.target = new ObjectTarget(parent.host, {
      kind: name,
      key,
      ...(of === undefined ? {} : { parent: of }),
    });
  }

  get host(): Host {
    return this.parent.host;
  }

  get id(): string {
    return `${this.parent.id}#${this.target.name.key}`;
  }

  get record(): ObjectRecord | undefined {
    return this.target.record;
  }

  /** What stands below it; undefined for objects that have nothing in them. */
  get contents(): Contents | undefined {
    const { below } = this.branch;
    return below && { branch: below.branch, of: this.target.name.key };
  }
}

/** Some of many objects, in their order: so many lines at once would be no list any more. */
export class GroupNode {
  readonly kind = 'group';
  readonly parent: Shelf;
  /** The names of the first and the last, for its label. */
  readonly ends: readonly [string, string];
  readonly objects: readonly ObjectNode[];

  constructor(parent: Shelf, ends: readonly [string, string], objects: readonly ObjectNode[]) {
    this.parent = parent;
    this.ends = ends;
    this.objects = objects;
  }

  get host(): Host {
    return this.parent.host;
  }

  get id(): string {
    return `${this.parent.id}#group ${this.ends[0]}`;
  }
}

/** Objects of one kind: those of a host, or those in the object with the key `of`. */
export interface Contents {
  readonly branch: Branch;
  readonly of: string | undefined;
}

/** A line below which objects of one kind stand. */
export type Shelf = BranchNode | ObjectNode;

/** A line that says why there is nothing else below a node, and what to do about it. */
export class MessageNode {
  readonly kind = 'message';
  readonly parent: HostNode | Shelf;
  readonly message: Message;

  constructor(parent: HostNode | Shelf, message: Message) {
    this.parent = parent;
    this.message = message;
  }

  get host(): Host {
    return this.parent.host;
  }

  get id(): string {
    return `${this.parent.id}#message`;
  }
}

export type Message =
  | { readonly type: 'empty' }
  | { readonly type: 'no-match'; readonly filter: string }
  | { readonly type: 'disconnected' }
  | { readonly type: 'connecting' }
  | { readonly type: 'failed'; readonly error: Error }
  /** The objects of a branch are on their way. */
  | { readonly type: 'reading' }
  /** There are none, in the words of the branch. */
  | { readonly type: 'none'; readonly text: string }
  /** Why the objects of a branch cannot be read. */
  | { readonly type: 'unreadable'; readonly error: unknown };

export type Node = HostNode | BranchNode | GroupNode | ObjectNode | DomainTarget | MessageNode;
