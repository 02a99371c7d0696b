import type { Collection } from '../../model/inventory/collection.ts';
import type { Watch } from '../../model/inventory/host.ts';
import type { ObjectRecord } from '../../model/inventory/kinds/kind.ts';
import { MessageNode, ObjectNode, type BranchNode } from './nodes.ts';

interface Open {
  readonly watch: Watch<ObjectRecord>;
  /** The tree knows its nodes by identity: each object keeps its node. */
  readonly nodes: Map<string, ObjectNode>;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Has the objects of unfolded branches followed, and of no others. */
export class BranchReader {
  readonly #refresh: (node: BranchNode) => void;
  readonly #open = new Map<BranchNode, Open>();

  /** `refresh` is called once the objects of a branch have been read. */
  constructor(refresh: (node: BranchNode) => void) {
    this.#refresh = refresh;
  }

  /** The lines below a branch; they are read from then on. */
  children(node: BranchNode): readonly (ObjectNode | MessageNode)[] {
    const { watch, nodes } = this.#open.get(node) ?? this.#begin(node);
    const { objects } = watch;
    if (objects.problem !== undefined)
      return [new MessageNode(node, { type: 'unreadable', error: objects.problem })];
    if (!objects.isTracked && objects.records.size === 0) return [new MessageNode(node, { type: 'reading' })];
    if (objects.records.size === 0) return [new MessageNode(node, { type: 'none', text: node.branch.none })];
    for (const key of nodes.keys()) if (!objects.records.has(key)) nodes.delete(key);
    return [...objects.records]
      .toSorted(([, a], [, b]) => collator.compare(a.name, b.name))
      .map(([key]) => this.node(node, key) ?? new ObjectNode(node, key));
  }

  /** The node of an object; undefined while nobody looks at its branch. */
  node(branch: BranchNode, key: string): ObjectNode | undefined {
    const nodes = this.#open.get(branch)?.nodes;
    if (nodes === undefined) return undefined;
    let node = nodes.get(key);
    if (node === undefined) nodes.set(key, (node = new ObjectNode(branch, key)));
    return node;
  }

  /** What is known of a branch; undefined while nobody looks at it. */
  objects(branch: BranchNode): Collection<ObjectRecord> | undefined {
    return this.#open.get(branch)?.watch.objects;
  }

  /** Nobody looks at these any more. */
  close(isClosed: (branch: BranchNode) => boolean): readonly BranchNode[] {
    const closed = [...this.#open.keys()].filter(isClosed);
    for (const branch of closed) {
      this.#open.get(branch)?.watch.dispose();
      this.#open.delete(branch);
    }
    return closed;
  }

  #begin(node: BranchNode): Open {
    const watch = node.host.watch(node.branch.kind);
    const open = { watch, nodes: new Map<string, ObjectNode>() };
    this.#open.set(node, open);
    watch.objects.complete();
    void watch.objects.settled().then(() => this.#refresh(node));
    return open;
  }
}
