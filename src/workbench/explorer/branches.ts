import type * as vscode from 'vscode';
import type { Host, ObjectsChange } from '../../model/inventory/host.ts';
import type { Branch } from './branch.ts';
import { branchItem, groupItem, objectItem } from './branch-item.ts';
import { BranchReader } from './branch-reader.ts';
import { networkBranch } from './network/branch.ts';
import { BranchNode, type GroupNode, type Node, type ObjectNode, type Shelf } from './nodes.ts';
import { poolBranch } from './pool/branch.ts';

/** What a host shows beside its domains, from the top down. */
const BRANCHES: readonly Branch[] = [poolBranch, networkBranch];

/** The lines of hosts that are no domains. Loaded when the first host is connected. */
export class Branches {
  readonly #reader: BranchReader;
  readonly #nodes = new WeakMap<Host, readonly BranchNode[]>();
  /** Unfolded lines below lines that are folded. */
  readonly #hidden = new WeakMap<Node, readonly Shelf[]>();

  /** `refresh` is called once the objects below a line have been read. */
  constructor(refresh: (node: Shelf) => void) {
    this.#reader = new BranchReader(refresh);
  }

  /** One line for each kind. Each host keeps its own, so that the tree can recognise them. */
  of(host: Host): readonly BranchNode[] {
    let nodes = this.#nodes.get(host);
    if (nodes === undefined)
      this.#nodes.set(host, (nodes = BRANCHES.map((branch) => new BranchNode(host, branch))));
    return nodes;
  }

  /** The lines below a line. */
  children(node: Shelf | GroupNode): readonly Node[] {
    return node.kind === 'group' ? this.#reader.childrenOfGroup(node) : this.#reader.children(node);
  }

  /** How a line looks; undefined for an object that is gone. */
  item(node: Shelf | GroupNode): vscode.TreeItem | undefined {
    switch (node.kind) {
      case 'branch':
        return branchItem(node, this.#reader.objects(node)?.records.size);
      case 'group':
        return groupItem(node);
      case 'object':
        return node.record && objectItem(node, node.record);
    }
  }

  /** The lines that show something else after a change of a host. */
  changed(host: Host, change: ObjectsChange): readonly (Shelf | ObjectNode)[] {
    return this.#reader.changed(host, change);
  }

  /** Nobody sees any of them: what was unfolded is returned, to be read again when somebody does. */
  closeAll(): readonly Shelf[] {
    return this.#reader.close(() => true);
  }

  /** A line was folded, and with it what stands below it. */
  fold(node: Node): void {
    this.#reader.close((each) => each === node);
    const hidden = this.#reader.close((each) =>
      node.kind === 'host' ? each.host === node.host : isBelow(each, node),
    );
    if (hidden.length > 0) this.#hidden.set(node, hidden);
  }

  /**
   * A line was unfolded. VS Code keeps the lines below another one that was unfolded when this one was folded: they are
   * to be read again.
   */
  unfold(node: Node): readonly Shelf[] {
    const hidden = this.#hidden.get(node) ?? [];
    this.#hidden.delete(node);
    return hidden;
  }
}

/** Whether a line stands somewhere below another one. */
function isBelow(shelf: Shelf, above: Node): boolean {
  return shelf.kind === 'object' && (shelf.parent === above || isBelow(shelf.parent, above));
}
