import type { DomainTarget } from '../../model/inventory/domain-target.ts';
import type { Host } from '../../model/inventory/host.ts';

/** A host in the tree. Kept as long as its host is, so that the tree can recognise it. */
export class HostNode {
  readonly kind = 'host';
  readonly host: Host;

  constructor(host: Host) {
    this.host = host;
  }
}

/** A line that says why there is nothing else below a host, and what to do about it. */
export class MessageNode {
  readonly kind = 'message';
  readonly host: Host;
  readonly message: Message;

  constructor(host: Host, message: Message) {
    this.host = host;
    this.message = message;
  }
}

export type Message =
  | { readonly type: 'empty' }
  | { readonly type: 'no-match'; readonly filter: string }
  | { readonly type: 'disconnected' }
  | { readonly type: 'connecting' }
  | { readonly type: 'failed'; readonly error: Error };

export type Node = HostNode | DomainTarget | MessageNode;
