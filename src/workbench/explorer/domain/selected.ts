import { actionsOf, type DomainAction, isForMany } from '../../../model/inventory/kinds/domain-actions.ts';
import { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { Node } from '../nodes.ts';

/**
 * The domains that are selected together. VS Code offers only what the items of a selection have in common: each of
 * these says what is possible with any of them, and a verb is done to those that it fits.
 */
export class SelectedDomains {
  #targets: ReadonlySet<DomainTarget> = new Set();

  /** Returns those whose menus are other ones now. */
  set(nodes: readonly Node[]): readonly DomainTarget[] {
    const before = this.#targets;
    const selected = nodes.filter((node) => node instanceof DomainTarget);
    this.#targets = new Set(selected.length > 1 ? selected : []);
    return [...new Set([...before, ...this.#targets])];
  }

  /** Those whose menus depend on each of these domains. */
  with(nodes: readonly Node[]): readonly DomainTarget[] {
    return nodes.some((node) => this.#has(node)) ? [...this.#targets] : [];
  }

  /** What is possible with any of the domains that are selected with this one. */
  actionsWith(target: DomainTarget): readonly DomainAction[] {
    if (!this.#targets.has(target)) return [];
    const all = [...this.#targets].flatMap(({ isLost, record }) =>
      record === undefined ? [] : actionsOf(record, isLost),
    );
    return [...new Set(all)].filter(isForMany);
  }

  #has(node: Node): boolean {
    return node instanceof DomainTarget && this.#targets.has(node);
  }
}
