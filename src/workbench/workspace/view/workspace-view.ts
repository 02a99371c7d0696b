import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { shownItem } from '../../ui/tree-item.ts';
import type { EnvironmentEntry } from '../entry.ts';
import type { Environments } from '../environments.ts';
import { treeItem } from './items.ts';
import { droppedNode, FileNode, type GuestNode, type PartNode, type WorkspaceNode } from './nodes.ts';

const VIEW_ID = 'kvm.workspace';
const QUIET_MS = 100;

/** The guests that the workspace's files declare. It holds no facts of its own, and is empty until it is seen. */
export class WorkspaceView implements vscode.TreeDataProvider<WorkspaceNode>, vscode.Disposable {
  readonly onDidChangeTreeData: vscode.Event<WorkspaceNode | undefined>;
  readonly #changed = new vscode.EventEmitter<WorkspaceNode | undefined>();
  readonly #view: vscode.TreeView<WorkspaceNode>;
  readonly #load: () => Promise<Environments>;
  readonly #extensionUri: vscode.Uri;
  readonly #fileNodes = new WeakMap<EnvironmentEntry, FileNode>();
  #environments: Environments | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(load: () => Promise<Environments>, extensionUri: vscode.Uri) {
    this.#load = load;
    this.#extensionUri = extensionUri;
    this.onDidChangeTreeData = this.#changed.event;
    this.#view = vscode.window.createTreeView(VIEW_ID, { treeDataProvider: this, showCollapseAll: false });
    this.#view.onDidChangeVisibility(({ visible }) => {
      if (visible) void this.#environments?.look();
    });
  }

  /** Once the files are known. */
  show(environments: Environments): void {
    this.#environments = environments;
    environments.onDidChange(() => this.#refresh());
    this.#refresh();
  }

  getTreeItem(node: WorkspaceNode): vscode.TreeItem {
    return shownItem(treeItem(node, this.#extensionUri));
  }

  getParent(node: WorkspaceNode): WorkspaceNode | undefined {
    if (node.kind === 'part') return node.parent;
    if (node.kind === 'file' || !this.#hasSeveral) return undefined;
    return this.#fileNode(node.entry);
  }

  /** Nothing is waited for: whoever looks first has the files looked for, and sees them when they are found. */
  getChildren(node?: WorkspaceNode): WorkspaceNode[] {
    const environments = this.#environments;
    if (environments === undefined) {
      setImmediate(() => void this.#load());
      return [];
    }
    if (node === undefined) {
      const { entries } = environments;
      const [only] = entries;
      return this.#hasSeveral
        ? entries.map((entry) => this.#fileNode(entry))
        : only === undefined
          ? []
          : childrenOf(this.#fileNode(only));
    }
    if (node.kind === 'file') return childrenOf(node);
    return node.kind === 'guest' ? partsOf(node) : [];
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#view.dispose();
    this.#changed.dispose();
  }

  get #hasSeveral(): boolean {
    return (this.#environments?.entries.length ?? 0) > 1;
  }

  #fileNode(entry: EnvironmentEntry): FileNode {
    let node = this.#fileNodes.get(entry);
    if (node === undefined) this.#fileNodes.set(entry, (node = new FileNode(entry)));
    return node;
  }

  #refresh(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed.fire(undefined);
    }, QUIET_MS);
  }
}

function childrenOf(file: FileNode): WorkspaceNode[] {
  const { entry } = file;
  const known = [
    ...entry.guests.map(({ name }) => file.guest(name)),
    ...entry.dropped.map((guest) => droppedNode(entry, guest)),
  ];
  if (known.length > 0) return known;
  const first = entry.loaded?.problems[0];
  return [{ kind: 'message', entry, text: first?.message ?? t('There is no guest in it yet.') }];
}

function partsOf(parent: GuestNode): PartNode[] {
  const { guest, entry, name } = parent;
  const status = entry.status(name);
  const parts: PartNode[] = [];
  if (status?.kind === 'there' && status.address !== undefined)
    parts.push({ kind: 'part', parent, type: 'address', ...status.address });
  for (const port of guest?.ports ?? []) parts.push({ kind: 'part', parent, type: 'port', port });
  for (const mount of guest?.mounts ?? []) parts.push({ kind: 'part', parent, type: 'mount', mount });
  return parts;
}
