import type * as vscode from 'vscode';
import type { Inventory } from '../../../model/inventory/inventory.ts';
import type { Presenter } from '../../ui/presenter.ts';

/** What displays work with. */
export interface DisplayParts {
  readonly inventory: Inventory;
  readonly presenter: Presenter;
  readonly extensionUri: vscode.Uri;
}

/** What the buttons and menus of a display do; each is the name of a method and of a command. */
export const DISPLAY_COMMANDS = [
  'sendKeys',
  'paste',
  'typeText',
  'fit',
  'actualSize',
  'lookOnly',
  'allowInput',
  'fullScreen',
  'screenshot',
  'another',
] as const;

export type DisplayCommand = (typeof DISPLAY_COMMANDS)[number];
