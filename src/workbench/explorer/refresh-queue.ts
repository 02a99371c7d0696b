import type { Node } from './nodes.ts';

/** Later changes wait this long, so that a storm becomes a few refreshes; the first one goes at once. */
const QUIET_MS = 100;

/** Gathers nodes that changed and hands them over together; nothing at all while nobody can see them. */
export class RefreshQueue {
  readonly #refresh: (nodes: readonly Node[] | undefined) => void;
  readonly #isVisible: () => boolean;
  readonly #nodes = new Set<Node>();
  #everything = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(refresh: (nodes: readonly Node[] | undefined) => void, isVisible: () => boolean) {
    this.#refresh = refresh;
    this.#isVisible = isVisible;
  }

  /** Without a node the whole tree is refreshed. */
  add(...nodes: readonly Node[]): void {
    for (const node of nodes) this.#nodes.add(node);
    if (nodes.length === 0) this.#everything = true;
    this.#schedule();
  }

  /** Call it when the view has become visible. */
  resume(): void {
    this.#schedule();
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#timer !== undefined || !this.#isVisible()) return;
    if (this.#nodes.size === 0 && !this.#everything) return;
    this.#flush();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#schedule();
    }, QUIET_MS);
  }

  #flush(): void {
    const nodes = this.#everything ? undefined : [...this.#nodes];
    this.#nodes.clear();
    this.#everything = false;
    this.#refresh(nodes);
  }
}
