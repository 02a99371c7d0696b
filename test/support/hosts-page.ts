import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Locator } from 'playwright-core';
import { eventually } from './eventually.ts';
import { gesture, gone, type Within } from './gesture.ts';
import type { Workbench } from './workbench.ts';

const QUESTION_MS = 500;
/** VS Code shows a menu below another one a quarter of a second after it is pointed at. */
const SUBMENU_MS = 800;

/** What a person does in the workbench, in their words. */
export class HostsPage {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
    workbench.page.setDefaultTimeout(15_000);
  }

  /** Shows our side bar. */
  async open(): Promise<void> {
    const { page } = this.#workbench;
    const shown = page.locator('.sidebar .title-label', { hasText: 'KVM' });
    const icon = page.locator('.activitybar .action-item a[aria-label="KVM"]');
    // A second click would hide it.
    await gesture(async (within) => (await shown.isVisible()) || (await icon.click(within)), shown);
  }

  /** A line of the tree by its name and, where it matters, the state it tells. */
  item(name: string, state = ''): Locator {
    const { page } = this.#workbench;
    return page
      .locator(`.monaco-list-row[role="treeitem"]${state === '' ? '' : `[aria-label*="${state}"]`}`)
      .filter({ has: page.locator('.label-name', { hasText: new RegExp(`^${escapeRegExp(name)}$`, 'u') }) })
      .first();
  }

  /** Opens a line of the tree that has others below it. */
  async expand(name: string): Promise<void> {
    const line = this.item(name);
    await gesture(async (within) => {
      await this.#pointAway();
      if (!(await isExpanded(line, within))) await line.click(within);
    }, this.#workbench.page.locator('[aria-expanded="true"]').and(line));
  }

  /** Points at a line of the tree until what is told of it has come. */
  async point(name: string, told: Locator): Promise<void> {
    await gesture(async (within) => {
      // Whoever points there already has to leave first.
      await this.#pointAway();
      await this.item(name).locator('.label-name').hover(within);
    }, told);
  }

  /** What is told of a line covers the lines below it. */
  async #pointAway(): Promise<void> {
    await this.#workbench.page.mouse.move(640, 400);
  }

  /** Presses one of the buttons at the end of a line of the tree, once. */
  async press(name: string, button: string, within?: Within): Promise<void> {
    const line = this.item(name);
    await this.#pointAway();
    await line.hover(within);
    await line.getByRole('button', { name: button }).click(within);
  }

  async chooseFromMenu(target: Locator, entry: string): Promise<void> {
    await this.pickFromMenu(entry, (within) => target.click({ button: 'right', ...within }));
  }

  /** Takes an entry of the menu that `open` brings up. */
  async pickFromMenu(entry: string, open: (within: Within) => Promise<void>): Promise<void> {
    const { page } = this.#workbench;
    // The key that does the same is part of what it is called.
    const label = page.locator('.action-label', { hasText: new RegExp(`^${escapeRegExp(entry)}$`, 'u') });
    const item = page.getByRole('menuitem').filter({ has: label });
    await gesture(
      async (within) => {
        // It offers what could be done when it was opened; a state that changed since needs another look.
        // A key closes the innermost menu.
        for (let left = await page.locator('.monaco-menu').count(); left > 0; left--)
          await this.#close(page.locator('.monaco-menu'));
        await this.#close(this.#question);
        await this.#pointAway();
        await open(within);
        await page.locator('.monaco-menu').first().waitFor(within);
        if (!(await item.isVisible())) await this.#unfoldMenu(item);
        // A menu ignores the mouse button for a moment after it opened, but not the keyboard.
        await item.hover(within);
        await page.keyboard.press('Enter');
      },
      async (within) => {
        // It closes when it takes the choice.
        await item.waitFor({ state: 'hidden', ...within });
        if (await this.#isAskedWhich()) throw new Error(`“${entry}” came without the item of its menu`);
      },
    );
  }

  /** Looks for an entry in the menus below the one that is open. */
  async #unfoldMenu(entry: Locator): Promise<void> {
    const below = this.#workbench.page.locator('.monaco-menu .action-menu-item[aria-haspopup="true"]');
    for (const menu of await below.all()) {
      if (await entry.isVisible()) return;
      await menu.hover({ timeout: 1_000 }).catch(() => undefined);
      await entry.waitFor({ timeout: SUBMENU_MS }).catch(() => undefined);
    }
  }

  /** VS Code forgets a host's domains while it asks for them anew, and then calls what is chosen without one. */
  async #isAskedWhich(): Promise<boolean> {
    return this.#question.waitFor({ timeout: QUESTION_MS }).then(
      () => true,
      () => false,
    );
  }

  get #question(): Locator {
    const { page } = this.#workbench;
    return page
      .locator('.quick-input-title', { hasText: /\bWhich (?:Domain|Guest)s?\b.*\?$/u })
      .or(page.getByPlaceholder('It belongs to which one?'));
  }

  async #close(what: Locator): Promise<void> {
    if (await what.first().isVisible()) await this.#workbench.page.keyboard.press('Escape');
  }

  /** By keyboard, as somebody would who has never touched the tree. */
  async runCommand(title: string): Promise<void> {
    const { page } = this.#workbench;
    const label = page.locator('.label-name', { hasText: new RegExp(`^${escapeRegExp(title)}$`, 'u') });
    const rows = page.locator('.quick-input-list .monaco-list-row');
    const entry = rows.filter({ has: label }).first();
    const chosen = page.locator('.quick-input-list .monaco-list-row.focused');
    // What takes the focus, such as a debugger that stops, closes the palette: a person opens it again.
    await gesture(
      (within) => this.#askFor('F1', `>${title}`, within),
      async (within) => {
        await entry.waitFor(within);
        await chosen.waitFor(within);
      },
    );
    // It need not be the first: others may contain its words.
    for (let down = await rows.count(); down > 0; down--) {
      if ((await chosen.filter({ has: label }).count()) > 0) break;
      await page.keyboard.press('ArrowDown');
    }
    await this.enter();
  }

  /** Opens a file of the workspace, at a line where one is given. */
  async openFile(file: string, line?: number): Promise<void> {
    const { page } = this.#workbench;
    const text = line === undefined ? file : `${file}:${line}`;
    // The list is drawn anew while it is filled: Enter could take what was at the top a moment ago.
    await gesture(
      async (within) => {
        await this.#askFor('Control+P', text, within);
        await this.choice(file).click(within);
      },
      page.locator('.tab.active', { hasText: file }),
    );
  }

  /** Opens the question that a key opens, and types into it. */
  async #askFor(key: string, text: string, within: Within): Promise<void> {
    await this.#close(this.input);
    await this.#workbench.page.keyboard.press(key);
    await this.input.fill(text, within);
  }

  /** Where quick picks and questions are typed into. */
  get input(): Locator {
    return this.#workbench.page.locator('.quick-input-widget input[type="text"]');
  }

  /** The line of a quick pick. */
  choice(text: string): Locator {
    return this.#workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  /** Takes a line of a quick pick. */
  async take(text: string): Promise<void> {
    await this.choice(text).waitFor();
    await this.#answer((within) => this.choice(text).click(within));
  }

  /** Enters what is typed or chosen in a question. */
  async enter(): Promise<void> {
    await this.#answer(() => this.#workbench.page.keyboard.press('Enter'));
  }

  /** Answers the question that is open, until it is gone or another one is there. */
  async #answer(make: (within: Within) => Promise<void>): Promise<void> {
    const widget = this.#workbench.page.locator('.quick-input-widget');
    let asked = '';
    await gesture(
      async (within) => {
        await widget.waitFor(within);
        asked = await widget.innerText(within);
        await make(within);
      },
      ({ timeout }) =>
        eventually(
          `“${asked.split('\n', 1)[0]}” is answered`,
          async () => !(await widget.isVisible()) || (await widget.innerText({ timeout })) !== asked,
          timeout,
        ),
    );
  }

  /** Answers the question for a file or folder on this machine. */
  async choosePath(path: string, button = 'OK'): Promise<void> {
    // A name is proposed when it has looked at the folder, in place of whatever was typed until then.
    await this.choice('..').waitFor();
    // Until it shows the folder of that path, an answer only takes it there.
    const shown = this.choice(await shownFor(path));
    await gesture((within) => this.input.fill(path, within), shown);
    const widget = this.#workbench.page.locator('.quick-input-widget');
    const answer = widget.getByRole('button', { name: button, exact: true });
    // It takes no answer while it looks at a folder, which it does once more before it answers.
    await gesture((within) => answer.click(within), gone(answer));
  }

  get dialog(): Locator {
    return this.#workbench.page.getByRole('dialog');
  }

  /** Answers the question of a dialog, which is gone then. */
  async confirm(button: string): Promise<void> {
    const answer = this.dialog.getByRole('button', { name: button });
    await answer.waitFor();
    await gesture((within) => answer.click(within), gone(answer));
  }

  /** Notifications do not pop up in an automated workbench: this opens the place where they are kept. */
  async notification(text: string | RegExp): Promise<Locator> {
    const center = this.#workbench.page.locator('.notifications-center');
    // The command that shows them hides them, too.
    await gesture(
      async () => (await center.isVisible()) || (await this.runCommand('Notifications: Show Notifications')),
      center,
    );
    const found = center.locator('.notification-list-item', { hasText: text }).first();
    await found.waitFor();
    return found;
  }

  /** Takes an action that a notification offers, which is gone then. */
  async act(notification: Locator, action: string): Promise<void> {
    await gesture(async (within) => {
      await notification.hover(within);
      await notification.getByRole('button', { name: action }).click(within);
    }, gone(notification));
  }
}

async function isExpanded(line: Locator, within: Within): Promise<boolean> {
  return (await line.getAttribute('aria-expanded', within)) === 'true';
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

/** What the question for a file shows in the folder of a new one; what exists is found from anywhere. */
async function shownFor(path: string): Promise<string> {
  const entries = await readdir(dirname(path), { withFileTypes: true });
  if (entries.some(({ name }) => name === basename(path))) return '..';
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return folders.toSorted((one, other) => one.localeCompare(other))[0] ?? '..';
}
