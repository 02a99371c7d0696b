import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Locator } from 'playwright-core';
import { eventually } from './eventually.ts';
import type { Workbench } from './workbench.ts';

const PALETTE_MS = 5_000;
const PALETTE_ATTEMPTS = 3;
const LOOK_MS = 3_000;
const MENU_MS = 4_000;
const MENU_ATTEMPTS = 4;
const QUESTION_MS = 500;

/** What a person does in the workbench, in their words. */
export class HostsPage {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
    workbench.page.setDefaultTimeout(15_000);
  }

  async open(): Promise<void> {
    await this.#workbench.page.locator('.activitybar .action-item a[aria-label="KVM"]').click();
  }

  /** A line of the tree by its name and, where it matters, the state it tells. */
  item(name: string, state = ''): Locator {
    const { page } = this.#workbench;
    return page
      .locator(`.monaco-list-row[role="treeitem"]${state === '' ? '' : `[aria-label*="${state}"]`}`)
      .filter({ has: page.locator('.label-name', { hasText: new RegExp(`^${escapeRegExp(name)}$`, 'u') }) })
      .first();
  }

  async chooseFromMenu(target: Locator, entry: string): Promise<void> {
    const { page } = this.#workbench;
    const item = page.getByRole('menuitem', { name: entry, exact: true });
    for (let attempt = 1; ; attempt++) {
      await target.click({ button: 'right' });
      try {
        // A menu ignores the mouse button for a moment after it opened, but not the keyboard.
        await item.hover({ timeout: MENU_MS });
        await page.keyboard.press('Enter');
        // It closes when it takes the choice.
        await item.waitFor({ state: 'hidden', timeout: MENU_MS });
        if (!(await this.#isAskedWhich())) return;
        throw new Error(`“${entry}” came without the item of its menu`);
      } catch (error) {
        // It offers what could be done when it was opened; a state that changed since needs another look.
        if (attempt === MENU_ATTEMPTS) throw error;
        await page.keyboard.press('Escape');
      }
    }
  }

  /** VS Code forgets a host's domains while it asks for them anew, and then calls what is chosen without one. */
  async #isAskedWhich(): Promise<boolean> {
    const question = this.#workbench.page.locator('.quick-input-title', { hasText: /: Which \w+\?$/u });
    return question.waitFor({ timeout: QUESTION_MS }).then(
      () => true,
      () => false,
    );
  }

  /** By keyboard, as somebody would who has never touched the tree. */
  async runCommand(title: string): Promise<void> {
    const { page } = this.#workbench;
    const label = page.locator('.label-name', { hasText: new RegExp(`^${escapeRegExp(title)}$`, 'u') });
    const rows = page.locator('.quick-input-list .monaco-list-row');
    const entry = rows.filter({ has: label }).first();
    const chosen = page.locator('.quick-input-list .monaco-list-row.focused');
    for (let attempt = 1; ; attempt++) {
      await page.keyboard.press('F1');
      try {
        await this.input.fill(`>${title}`, { timeout: PALETTE_MS });
        await entry.waitFor({ timeout: PALETTE_MS });
        await chosen.waitFor({ timeout: PALETTE_MS });
        break;
      } catch (error) {
        // What takes the focus, such as a debugger that stops, closes the palette: a person opens it again.
        if (attempt === PALETTE_ATTEMPTS) throw error;
        await page.keyboard.press('Escape');
      }
    }
    // It need not be the first: others may contain its words.
    for (let down = await rows.count(); down > 0; down--) {
      if ((await chosen.filter({ has: label }).count()) > 0) break;
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
  }

  /** Where quick picks and questions are typed into. */
  get input(): Locator {
    return this.#workbench.page.locator('.quick-input-widget input[type="text"]');
  }

  /** The line of a quick pick. */
  choice(text: string): Locator {
    return this.#workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  /** Answers the question for a file or folder on this machine. */
  async choosePath(path: string, button = 'OK'): Promise<void> {
    // A name is proposed when it has looked at the folder, in place of whatever was typed until then.
    await this.choice('..').waitFor();
    await this.input.fill(path);
    // Until it shows the folder of that path, an answer only takes it there.
    await this.choice(await shownFor(path)).waitFor();
    const widget = this.#workbench.page.locator('.quick-input-widget');
    const answer = widget.getByRole('button', { name: button, exact: true });
    // It takes no answer while it looks at a folder: a person whose click did nothing clicks again.
    await eventually('the question is answered', async () => {
      await answer.click();
      // It looks at the place before it answers, and whoever clicks elsewhere meanwhile calls it off.
      return answer.waitFor({ state: 'hidden', timeout: LOOK_MS }).then(
        () => true,
        () => answer.isHidden(),
      );
    });
  }

  get dialog(): Locator {
    return this.#workbench.page.getByRole('dialog');
  }

  /** Notifications do not pop up in an automated workbench: this opens the place where they are kept. */
  async notification(text: string | RegExp): Promise<Locator> {
    // The command that shows them hides them, too.
    if (!(await this.#workbench.page.locator('.notifications-center').isVisible()))
      await this.runCommand('Notifications: Show Notifications');
    const found = this.#workbench.page.locator('.notifications-center .notification-list-item', {
      hasText: text,
    });
    await found.first().waitFor();
    return found.first();
  }
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
