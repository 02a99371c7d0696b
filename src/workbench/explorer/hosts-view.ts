import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { DomainTarget } from '../../model/inventory/domain-target.ts';
import type { Host, HostChange } from '../../model/inventory/host.ts';
import type { Inventory, InventoryChange } from '../../model/inventory/inventory.ts';
import { isActive } from '../../client/libvirt/domain/state.ts';
import type { Presenter } from '../ui/presenter.ts';
import { shownItem } from '../ui/tree-item.ts';
import { arrange, type DomainOrder } from './domain/arrangement.ts';
import type { Branches } from './branches.ts';
import { dimLines } from './dimmed.ts';
import { domainItem } from './domain/item.ts';
import { SelectedDomains } from './domain/selected.ts';
import { hostItem, messageItem } from './host/item.ts';
import { HostNode, MessageNode, type Node } from './nodes.ts';
import { RefreshQueue } from './refresh-queue.ts';

const VIEW_ID = 'kvm.hosts';
/** How long what a tooltip tells of a guest counts as new. */
const TOOLTIP_FRESH_MS = 10_000;

/** The tree of hosts and what is on them. It holds no facts of its own: the inventory has them. */
export class HostsView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly onDidChangeTreeData: vscode.Event<Node | Node[] | undefined>;
  readonly #inventory: Inventory;
  readonly #presenter: Presenter;
  readonly #extensionUri: vscode.Uri;
  readonly #changed = new vscode.EventEmitter<Node | Node[] | undefined>();
  readonly #view: vscode.TreeView<Node>;
  readonly #queue: RefreshQueue;
  readonly #disposables: vscode.Disposable[];
  /** The tree knows its nodes by identity: each host and domain keeps its node. */
  readonly #hostNodes = new WeakMap<Host, HostNode>();
  readonly #targets = new WeakMap<Host, Map<string, DomainTarget>>();
  /** What hosts have beside domains: loaded when the first of them is connected. */
  #branches: Branches | undefined;
  readonly #selected = new SelectedDomains();
  readonly #tooltips = new Map<Node, NodeJS.Timeout>();
  #order: DomainOrder = 'name';
  #filter = '';
  #isLoading = false;

  constructor(inventory: Inventory, presenter: Presenter, extensionUri: vscode.Uri) {
    this.#inventory = inventory;
    this.#presenter = presenter;
    this.#extensionUri = extensionUri;
    this.onDidChangeTreeData = this.#changed.event;
    this.#view = vscode.window.createTreeView(VIEW_ID, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.#queue = new RefreshQueue(
      (nodes) => this.#changed.fire(nodes === undefined ? undefined : [...nodes]),
      () => this.#view.visible,
    );
    this.#disposables = [
      this.#view,
      this.#changed,
      this.#queue,
      dimLines(),
      this.#view.onDidChangeSelection(({ selection }) => this.#refresh(this.#selected.set(selection))),
      new vscode.Disposable(inventory.onChange((change) => this.#follow(change))),
      this.#view.onDidChangeVisibility(({ visible }) => this.#turn(visible)),
      this.#view.onDidCollapseElement(({ element }) => this.#branches?.fold(element)),
      this.#view.onDidExpandElement(({ element }) => this.#refresh(this.#branches?.unfold(element) ?? [])),
    ];
  }

  get selection(): readonly Node[] {
    return this.#view.selection;
  }

  /** The host that what is selected belongs to, where somebody sees that. */
  get selectedHost(): Host | undefined {
    const hosts = new Set(this.#view.selection.map(({ host }) => host));
    const [host] = hosts;
    return this.#view.visible && hosts.size === 1 ? host : undefined;
  }

  /**
   * What a key is pressed on: the line with the focus, which arrow keys move without selecting it, or all that are
   * selected where those are several.
   */
  async focused(): Promise<readonly Node[]> {
    // VS Code tells nobody which line has the focus, only which are selected.
    if (this.#view.selection.length <= 1) await vscode.commands.executeCommand('list.select');
    return this.#view.selection;
  }

  get filter(): string {
    return this.#filter;
  }

  /** Shows only domains with this in their name; empty shows all. */
  setFilter(filter: string): void {
    this.#filter = filter;
    this.#view.message = filter === '' ? '' : t('Showing domains with “{0}” in their name', filter);
    void vscode.commands.executeCommand('setContext', 'kvm.filtered', filter !== '');
    this.#queue.add();
  }

  setOrder(order: DomainOrder): void {
    this.#order = order;
    void vscode.commands.executeCommand('setContext', 'kvm.order', order);
    this.#queue.add();
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return shownItem(this.#item(node));
  }

  #item(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case 'host':
        return hostItem(node);
      case 'domain':
        return node.record === undefined
          ? new vscode.TreeItem('')
          : domainItem(node, node.record, this.#selected.actionsWith(node), this.#extensionUri);
      case 'branch':
      case 'group':
      case 'object':
        return this.#branches?.item(node) ?? new vscode.TreeItem('');
      case 'message':
        return messageItem(node);
    }
  }

  getParent(node: Node): Node | undefined {
    switch (node.kind) {
      case 'host':
        return undefined;
      case 'object':
      case 'group':
      case 'message':
        return node.parent;
      case 'branch':
      case 'domain':
        return this.#hostNode(node.host);
    }
  }

  /**
   * Expanding a host is what connects it. Nothing is waited for here: while the tree waits, any refresh would
   * make it forget the nodes it is about to show, and a click on them would reach nothing.
   */
  getChildren(node?: Node): Node[] {
    if (node === undefined) return this.#inventory.hosts.map((host) => this.#hostNode(host));
    if (node.kind === 'branch' || node.kind === 'object' || node.kind === 'group')
      return [...(this.#branches?.children(node) ?? [])];
    if (node.kind !== 'host') return [];
    if (isWorthConnecting(node.host)) setImmediate(() => this.#connect(node.host));
    return this.#childrenOf(node.host);
  }

  /** The tooltip needs the domain's XML: it is read when somebody points at the item, not before. */
  async resolveTreeItem(
    item: vscode.TreeItem,
    node: Node,
    token: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    // Pointing at something asks a host that is lost for nothing.
    if (node.kind !== 'domain' || node.isLost) return item;
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    try {
      // Autostart and managed save change without an event: what is read for the tooltip corrects them too.
      await node.host.refresh({ kind: 'domain', key: node.uuid });
      const { record } = node;
      const { domainTooltip } = await import('./domain/tooltip.ts');
      if (record === undefined) return item;
      item.tooltip = await domainTooltip(node, record, abort.signal);
      shownItem(item);
      if (isActive(record.state)) this.#forgetTooltipSoon(node);
    } catch (error) {
      this.#presenter.background(`Could not read ${node.id} for its tooltip`, error);
    }
    return item;
  }

  dispose(): void {
    for (const timer of this.#tooltips.values()) clearTimeout(timer);
    this.#branches?.closeAll();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** VS Code asks for a tooltip once, and again only after a refresh; a guest's screen does not wait for that. */
  #forgetTooltipSoon(node: DomainTarget): void {
    clearTimeout(this.#tooltips.get(node));
    const forget = () => {
      this.#tooltips.delete(node);
      if (node.record !== undefined) this.#queue.add(node);
    };
    this.#tooltips.set(node, setTimeout(forget, TOOLTIP_FRESH_MS));
  }

  #connect(host: Host): void {
    // The host's status will have the error: the tree shows it where it belongs, without a notification.
    if (isWorthConnecting(host)) host.connect().catch(() => undefined);
  }

  #childrenOf(host: Host): Node[] {
    const { status } = host;
    const node = this.#hostNode(host);
    if (status.kind === 'failed') return [new MessageNode(node, { type: 'failed', error: status.error })];
    if (status.kind === 'connecting' || isWorthConnecting(host))
      return [new MessageNode(node, { type: 'connecting' })];
    if (status.kind === 'disconnected') return [new MessageNode(node, { type: 'disconnected' })];
    host.completeDomains();
    return [...(this.#branches?.of(host) ?? []), ...this.#domainsOf(host)];
  }

  #domainsOf(host: Host): Node[] {
    const node = this.#hostNode(host);
    if (host.domains.size === 0) return [new MessageNode(node, { type: 'empty' })];
    const shown = arrange(host.domains.values(), this.#order, this.#filter);
    if (shown.length === 0) return [new MessageNode(node, { type: 'no-match', filter: this.#filter })];
    return shown.map(({ uuid }) => this.#target(host, uuid));
  }

  /** What nobody can see is not read. */
  #turn(visible: boolean): void {
    if (visible) this.#queue.resume();
    else this.#refresh(this.#branches?.closeAll() ?? []);
  }

  #follow(change: InventoryChange): void {
    if (change.kind === 'host' && change.host.status.kind === 'connected') this.#loadKinds();
    if (change.kind === 'hosts') this.#queue.add();
    else this.#refresh(this.#nodesOf(change.host, change.change));
  }

  #refresh(nodes: readonly Node[]): void {
    if (nodes.length > 0) this.#queue.add(...nodes);
  }

  /** Only what changed: a domain's own line, unless the list itself or its order is another one now. */
  #nodesOf(host: Host, change: HostChange): readonly Node[] {
    const hostNode = this.#hostNode(host);
    if (change.kind === 'status') return [hostNode];
    if (change.of !== 'domain') return this.#branches?.changed(host, change) ?? [];
    for (const uuid of change.removed) this.#targets.get(host)?.delete(uuid);
    const listChanged = change.added.length + change.removed.length > 0;
    if (listChanged || this.#order === 'state' || change.renamed) return [hostNode];
    const changed = change.changed.map((uuid) => this.#target(host, uuid));
    return [...changed, ...this.#selected.with(changed)];
  }

  #loadKinds(): void {
    if (this.#isLoading) return;
    this.#isLoading = true;
    import('./branches.ts')
      .then(({ Branches }) => {
        this.#branches = new Branches((node) => this.#queue.add(node));
        this.#queue.add();
      })
      .catch((error: unknown) => this.#presenter.background('Could not load the kinds of a host', error));
  }

  #hostNode(host: Host): HostNode {
    let node = this.#hostNodes.get(host);
    if (node === undefined) this.#hostNodes.set(host, (node = new HostNode(host)));
    return node;
  }

  #target(host: Host, uuid: string): DomainTarget {
    let targets = this.#targets.get(host);
    if (targets === undefined) this.#targets.set(host, (targets = new Map()));
    let target = targets.get(uuid);
    if (target === undefined) targets.set(uuid, (target = new DomainTarget(host, uuid)));
    return target;
  }
}

/** A host that a person disconnected stays so until they say otherwise; one that failed waits for “try again”. */
function isWorthConnecting({ status }: Host): boolean {
  return status.kind === 'disconnected' && !status.byUser;
}
