import type { Collection } from '../../model/inventory/collection.ts';
import type { Host, ObjectsChange, Watch } from '../../model/inventory/host.ts';
import type { ObjectRecord } from '../../model/inventory/kinds/kind.ts';
import { type Contents, GroupNode, MessageNode, ObjectNode, type Shelf } from './nodes.ts';

interface Open {
  readonly contents: Contents;
  readonly watch: Watch<ObjectRecord>;
  /** The tree knows its nodes by identity: each object keeps its node. */
  readonly nodes: Map<string, ObjectNode>;
}

/** More lines than this are put into groups of so many. */
const GROUP = 200;
const LINES_MAX = 2 * GROUP;

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Has the objects below unfolded lines followed, and no others. */
export class BranchReader {
  readonly #refresh: (node: Shelf) => void;
  readonly #open = new Map<Shelf, Open>();

  /** `refresh` is called once the objects below a line have been read. */
  constructor(refresh: (node: Shelf) => void) {
    this.#refresh = refresh;
  }

  /** The lines below a branch or an object; they are read from then on. */
  children(shelf: Shelf): readonly (GroupNode | ObjectNode | MessageNode)[] {
    const open = this.#open.get(shelf) ?? this.#begin(shelf);
    if (open === undefined) return [];
    const { contents, watch, nodes } = open;
    const { objects } = watch;
    if (objects.problem !== undefined)
      return [new MessageNode(shelf, { type: 'unreadable', error: objects.problem })];
    if (!objects.isTracked && objects.records.size === 0)
      return [new MessageNode(shelf, { type: 'reading' })];
    if (objects.records.size === 0)
      return [new MessageNode(shelf, { type: 'none', text: contents.branch.none })];
    for (const key of nodes.keys()) if (!objects.records.has(key)) nodes.delete(key);
    const sorted = [...objects.records].toSorted(([, a], [, b]) => collator.compare(a.name, b.name));
    const lines = sorted.map(([key]) => this.#nodeIn(open, shelf, key));
    if (lines.length > LINES_MAX) return groups(shelf, lines);
    objects.complete();
    return lines;
  }

  /** The lines of a group, whose objects are about to be seen. */
  childrenOfGroup(group: GroupNode): readonly ObjectNode[] {
    const objects = this.#open.get(group.parent)?.watch.objects;
    objects?.complete(group.objects.map(({ target }) => target.name.key));
    return group.objects;
  }

  /** What is known of the objects below a line; undefined while nobody looks at them. */
  objects(shelf: Shelf): Collection<ObjectRecord> | undefined {
    return this.#open.get(shelf)?.watch.objects;
  }

  /** The lines that show something else after a change of a host. */
  changed(host: Host, change: ObjectsChange): readonly (Shelf | ObjectNode)[] {
    for (const [shelf, open] of this.#open) {
      const { branch, of } = open.contents;
      if (shelf.host !== host || branch.kind.name !== change.of || of !== change.parent) continue;
      const listChanged = change.added.length + change.removed.length > 0;
      if (listChanged || change.renamed) return [shelf];
      return change.changed.map((key) => this.#nodeIn(open, shelf, key));
    }
    return [];
  }

  /** Nobody looks below these any more. */
  close(isClosed: (shelf: Shelf) => boolean): readonly Shelf[] {
    const closed = [...this.#open.keys()].filter(isClosed);
    for (const shelf of closed) {
      this.#open.get(shelf)?.watch.dispose();
      this.#open.delete(shelf);
    }
    return closed;
  }

  #nodeIn({ contents, nodes }: Open, shelf: Shelf, key: string): ObjectNode {
    let node = nodes.get(key);
    if (node === undefined) nodes.set(key, (node = new ObjectNode(shelf, contents, key)));
    return node;
  }

  #begin(shelf: Shelf): Open | undefined {
    const { contents } = shelf;
    if (contents === undefined) return undefined;
    const watch = shelf.host.watch(contents.branch.kind, contents.of);
    const open = { contents, watch, nodes: new Map<string, ObjectNode>() };
    this.#open.set(shelf, open);
    void watch.objects.settled().then(() => this.#refresh(shelf));
    return open;
  }
}

function groups(shelf: Shelf, lines: readonly ObjectNode[]): readonly GroupNode[] {
  return Array.from({ length: Math.ceil(lines.length / GROUP) }, (_, index) => {
    const objects = lines.slice(index * GROUP, (index + 1) * GROUP);
    return new GroupNode(shelf, [nameOf(objects[0]), nameOf(objects.at(-1))], objects);
  });
}

function nameOf(node: ObjectNode | undefined): string {
  return node?.record?.name ?? '';
}
