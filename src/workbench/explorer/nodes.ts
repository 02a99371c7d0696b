import type { DomainTarget } from '../../model/inventory/domain-target.ts';
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
}

/** One object of a branch. It only points: what is known of it is looked up when it is shown. */
export class ObjectNode {
  readonly kind = 'object';
  readonly parent: BranchNode;
  readonly key: string;

  constructor(parent: BranchNode, key: string) {
    this.parent = parent;
    this.key = key;
  }

  get host(): Host {
    return this.parent.host;
  }

  get id(): string {
    return `${this.parent.id}#${this.key}`;
  }
}

/** A line that says why there is nothing else below a node, and what to do about it. */
export class MessageNode {
  readonly kind = 'message';
  readonly parent: HostNode | BranchNode;
  readonly message: Message;

  constructor(parent: HostNode | BranchNode, message: Message) {
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

export type Node = HostNode | BranchNode | ObjectNode | DomainTarget | MessageNode;
