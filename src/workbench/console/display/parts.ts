import type * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { Inventory } from '../../../model/inventory/inventory.ts';
import type { CommandsOf } from '../../manifest/commands.ts';
import type { Presenter } from '../../ui/presenter.ts';

/** What displays work with. */
export interface DisplayParts {
  readonly inventory: Inventory;
  readonly presenter: Presenter;
  readonly extensionUri: vscode.Uri;
  /** Starts a domain that is shut off: of the commands. */
  readonly start: (target: DomainTarget) => Promise<void>;
  /** Lets a paused domain go on: of the commands. */
  readonly resume: (target: DomainTarget) => Promise<void>;
}

/** What the buttons and menus of a display do. */
export const DISPLAY_COMMANDS = {
  'kvm.display.sendKeys': 'sendKeys',
  'kvm.display.paste': 'paste',
  'kvm.display.typeText': 'typeText',
  'kvm.display.fit': 'fit',
  'kvm.display.actualSize': 'actualSize',
  'kvm.display.lookOnly': 'lookOnly',
  'kvm.display.allowInput': 'allowInput',
  'kvm.display.fullScreen': 'fullScreen',
  'kvm.display.screenshot': 'screenshot',
  'kvm.display.another': 'another',
} as const satisfies Readonly<Record<CommandsOf<'kvm.display'>, string>>;

export type DisplayCommand = (typeof DISPLAY_COMMANDS)[keyof typeof DISPLAY_COMMANDS];
