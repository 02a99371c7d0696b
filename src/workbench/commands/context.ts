import type { DomainTarget } from '../../model/inventory/domain-target.ts';
import type * as vscode from 'vscode';
import type { Connector, Host } from '../../model/inventory/host.ts';
import type { Inventory } from '../../model/inventory/inventory.ts';
import type { Jobs } from '../../model/jobs/jobs.ts';
import type { Lazy } from '../ui/lazy.ts';
import type { Presenter } from '../ui/presenter.ts';

/** What commands work with. */
export interface CommandContext {
  readonly inventory: Inventory;
  readonly presenter: Presenter;
  /** Everything long that goes on. */
  readonly jobs: Lazy<Jobs>;
  /** For a connection that belongs to no host of the inventory. */
  readonly connector: Connector;
  readonly consoles: ConsoleOpener;
  readonly debugging: GuestDebugger;
  readonly displays: DisplayOpener;
  readonly documents: DocumentHost;
  /** The host that the Hosts view has selected, where somebody sees that. */
  readonly selectedHost: () => Host | undefined;
  /** How many domains were selected, where what is done does not fit all of them. */
  readonly selected?: number;
}

/** Which host an XML file is for, as people chose it; its editor shows it. */
export interface DocumentHost {
  hostOf(uri: vscode.Uri): Promise<Host | undefined>;
  setHost(uri: vscode.Uri, host: Host): Promise<void>;
}

export interface ConsoleOpener {
  /** Whether there is a console to be shown; it is attached then, or waits for the domain to start. */
  open(target: DomainTarget): Promise<boolean>;
}

export interface GuestDebugger {
  /** Starts a session on a domain: attaches to it, or boots it when it is shut off. */
  debug(target: DomainTarget): Promise<void>;
  /** What a launch.json would say for that, as an object. */
  configuration(target: DomainTarget): Promise<Readonly<Record<string, unknown>> | undefined>;
  openMonitor(target: DomainTarget): Promise<void>;
}

export interface DisplayOpener {
  open(target: DomainTarget): Promise<void>;
  takeScreenshot(target: DomainTarget): Promise<void>;
}
