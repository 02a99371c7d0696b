import * as vscode from 'vscode';
import type { Host } from '../../../../model/inventory/host.ts';
import type { Inventory } from '../../../../model/inventory/inventory.ts';
import { LIBVIRT_SCHEME } from '../../../ui/domain-uri.ts';

const CHOICES = 'kvm.hostOfFile';
/** Older choices are forgotten first. */
const MAX_CHOICES = 200;

/** Which host a document belongs to: its address says so, or a person has chosen one for a plain file. */
export class DocumentHosts implements vscode.Disposable {
  readonly onDidChange: vscode.Event<void>;
  readonly #inventory: Inventory;
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #stop: () => void;
  #choices: ReadonlyMap<string, string>;

  constructor(inventory: Inventory, memory: vscode.Memento) {
    this.onDidChange = this.#changed.event;
    this.#inventory = inventory;
    this.#memory = memory;
    this.#choices = new Map(Object.entries(memory.get<Record<string, string>>(CHOICES, {})));
    this.#stop = inventory.onChange((change) => {
      if (change.kind === 'hosts' || change.change.kind === 'status') this.#changed.fire();
    });
  }

  get hosts(): readonly Host[] {
    return this.#inventory.hosts;
  }

  of(uri: vscode.Uri): Host | undefined {
    if (isOnHost(uri)) return this.#inventory.hostByAlias(uri.authority);
    const id = this.#choices.get(uri.toString());
    return id === undefined ? undefined : this.#inventory.host(id);
  }

  /** The hosts of all XML documents that are open. */
  inUse(): ReadonlySet<Host> {
    const open = vscode.workspace.textDocuments.filter(({ languageId }) => languageId === 'xml');
    return new Set(open.flatMap(({ uri }) => this.of(uri) ?? []));
  }

  /** Takes effect at once and is kept for the next start. */
  choose(uri: vscode.Uri, host: Host | undefined): void {
    const choices = new Map(this.#choices);
    choices.delete(uri.toString());
    if (host !== undefined) choices.set(uri.toString(), host.id);
    this.#choices = new Map([...choices].slice(-MAX_CHOICES));
    void this.#memory.update(CHOICES, Object.fromEntries(this.#choices));
    this.#changed.fire();
  }

  dispose(): void {
    this.#stop();
    this.#changed.dispose();
  }
}

/** Whether the document's own address names its host. */
export function isOnHost(uri: vscode.Uri): boolean {
  return uri.scheme === LIBVIRT_SCHEME;
}
