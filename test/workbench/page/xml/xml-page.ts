import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { eventually } from '../../../support/eventually.ts';
import { gesture, gone, type Within } from '../../../support/gesture.ts';
import type { HostsPage } from '../../../support/hosts-page.ts';
import type { PrivateDaemon } from '../../../support/private-daemon.ts';
import type { Workbench } from '../../../support/workbench.ts';

const FADE_MS = 400;
const SETTLE_MS = 150;

/** What a person does with XML in the workbench. */
export class XmlPage {
  readonly workbench: Workbench;
  readonly hosts: HostsPage;
  readonly #daemon: PrivateDaemon;
  readonly #folder: string;
  /** The text in the editor of a host's document. */
  #shown = '';

  constructor(workbench: Workbench, hosts: HostsPage, daemon: PrivateDaemon, folder: string) {
    this.workbench = workbench;
    this.hosts = hosts;
    this.#daemon = daemon;
    this.#folder = folder;
  }

  get page(): Page {
    return this.workbench.page;
  }

  /** A line of the text that is shown. */
  line(text: string | RegExp): Locator {
    return this.page.locator('.editor-instance .view-line', { hasText: text }).first();
  }

  tab(name: string): Locator {
    return this.page.locator('.tab.active', { hasText: name });
  }

  dirty(): Locator {
    return this.page.locator('.tab.active.dirty');
  }

  suggestion(text: string): Locator {
    return this.page.locator('.suggest-widget.visible .monaco-list-row', { hasText: text }).first();
  }

  /**
   * Shows what is told of the chosen suggestion. Until the list has settled, the same key asks for suggestions anew.
   */
  async suggestionDetails(suggested: string, text: string): Promise<void> {
    const { page } = this;
    await gesture(
      async (within) => {
        await this.suggestion(suggested).and(page.locator('.focused')).waitFor(within);
        await page.keyboard.press('Control+Space');
      },
      page.locator('.suggest-details-container', { hasText: text }),
    );
  }

  /**
   * Types a text, and its last letter again until what typing brings is there: a machine that is slow may draw a list
   * of suggestions and take it away again.
   */
  async type(text: string, answer: Locator): Promise<void> {
    const { keyboard } = this.page;
    await keyboard.type(text.slice(0, -1));
    let isTyped = false;
    await gesture(async () => {
      if (isTyped) await keyboard.press('Backspace');
      await keyboard.type(text.slice(-1));
      isTyped = true;
    }, answer);
  }

  squiggle(kind: 'error' | 'warning'): Locator {
    return this.page.locator(`.monaco-editor .squiggly-${kind}`);
  }

  /** Opens a file of the folder. */
  async open(file: string): Promise<void> {
    await this.hosts.openFile(file);
    await this.page.locator('.monaco-editor .view-line').first().waitFor();
  }

  async goTo(line: number, column: number): Promise<void> {
    const { page, hosts } = this;
    await gesture(
      async (within) => {
        await page.keyboard.press('Control+G');
        await hosts.input.fill(`:${line}:${column}`, within);
        await page.keyboard.press('Enter');
      },
      async (within) => {
        await hosts.input.waitFor({ state: 'hidden', ...within });
        // It gets the keys back a moment after the question is gone.
        await page.locator('.editor-instance .monaco-editor.focused').first().waitFor(within);
        await page.locator('.statusbar-item', { hasText: `Ln ${line}, Col ${column}` }).waitFor(within);
      },
    );
  }

  /** Shows what is told of the place of the cursor. */
  async hover(text: string | RegExp): Promise<void> {
    const shown = this.page.locator('.monaco-hover', { hasText: text }).first();
    await gesture(
      () => this.chord('Control+K', 'Control+I'),
      async (within) => {
        await shown.waitFor(within);
        // What is wrong at the cursor is told when nothing was typed for a while, and takes a hover away.
        await delay(FADE_MS);
        await shown.waitFor({ timeout: FADE_MS });
      },
    );
  }

  /** Two keys, one after the other. */
  async chord(first: string, second: string): Promise<void> {
    await this.page.keyboard.press(first);
    await this.page.keyboard.press(second);
  }

  /** Takes lines of one quick pick after another: each is filled by a host, and moves while it is. */
  async pick(...choices: readonly string[]): Promise<void> {
    for (const choice of choices) {
      await this.hosts.choice(choice).waitFor();
      await this.hosts.input.fill(choice);
      await this.hosts.enter();
    }
  }

  /** Waits until the language status says so. */
  async schemasAre(text: string): Promise<void> {
    const told = this.page.locator('.hover-language-status', { hasText: text }).first();
    await gesture(async (within) => {
      await this.page.mouse.move(600, 400);
      await this.page.locator('.statusbar-item[id="status.languageStatus"]').hover(within);
    }, told);
  }

  /** What is in a file of the folder once a save has got there. */
  async saved(file: string, expected: RegExp): Promise<void> {
    let text = '';
    // What a command does may come after a save.
    await gesture(
      () => this.page.keyboard.press('Control+S'),
      async ({ timeout }) => {
        const isSaved = async () => {
          text = await readFile(join(this.#folder, file), 'utf8');
          return expected.test(text);
        };
        await eventually('it is saved', isSaved, timeout).catch(() => assert.match(text, expected));
      },
    );
  }

  /** The definition as `virsh` prints it, with its secrets. */
  definition(name: string): Promise<string> {
    return this.#daemon.virsh('dumpxml', '--inactive', '--security-info', name);
  }

  /** Opens the XML of a guest from the tree. */
  async edit(name: string): Promise<void> {
    await this.hosts.chooseFromMenu(this.hosts.item(name), 'Edit XML');
    await this.tab(`${name}.xml`).waitFor();
    await this.page.locator('.editor-instance .view-lines .view-line').first().waitFor();
    await this.page.keyboard.press('Control+1');
    this.expectText(await this.definition(name));
  }

  /** Follows a link to the tab that it opens. */
  async follow(text: string, name: string): Promise<void> {
    await gesture((within) => this.#click(text, within), this.tab(name));
  }

  /** Clicks a link, drawn anew whenever the text or the key is. */
  async #click(text: string, within: Within): Promise<void> {
    const link = this.page.locator(`.detected-link:text-is("${text}")`).first();
    let box: Awaited<ReturnType<Locator['boundingBox']>> = null;
    let before: Awaited<ReturnType<Locator['boundingBox']>> = null;
    // The editor may still be scrolling to it.
    do {
      before = box;
      await link.waitFor(within);
      box = await link.boundingBox(within);
      await delay(SETTLE_MS);
    } while (box === null || !isDeepStrictEqual(box, before));
    await this.page.keyboard.down('Control');
    await this.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await this.page.keyboard.up('Control');
  }

  /** Says what the editor shows, for `change` and `find`. */
  expectText(text: string): void {
    this.#shown = text;
  }

  /** Puts the cursor before the first such text. */
  async find(text: string): Promise<void> {
    const before = this.#shown.slice(0, this.#shown.indexOf(text)).split('\n');
    await this.goTo(before.length, (before.at(-1)?.length ?? 0) + 1);
  }

  /** Types over the first `old`: a word, since brackets and quotes would be completed. */
  async change(old: string, text: string): Promise<void> {
    await this.find(old);
    for (const _ of old) await this.page.keyboard.press('Shift+ArrowRight');
    await this.page.keyboard.insertText(text);
    this.#shown = this.#shown.replace(old, text);
    await this.dirty().waitFor();
  }

  /** Defines what a template has made on the host “lab”, which is only asked for where nothing names it. */
  async define(): Promise<void> {
    const button = this.page.locator('.editor-actions').getByRole('button', { name: 'Define on Host…' });
    const defined = this.page.locator('.statusbar-item', { hasText: 'is defined on lab' });
    await gesture((within) => button.click(within), this.hosts.input.or(defined).first());
    if (await this.page.getByPlaceholder(/on Which Host\?$/u).isVisible()) await this.pick('lab');
  }

  /** Saves a document of a host, which then is no longer dirty. */
  async save(): Promise<void> {
    await gesture(() => this.page.keyboard.press('Control+S'), gone(this.dirty()));
  }

  /** How many notices say that a save failed. */
  async failedSaves(): Promise<number> {
    const center = this.page.locator('.notifications-center');
    if (!(await center.isVisible())) await this.hosts.runCommand('Notifications: Show Notifications');
    const count = await center.locator('.notification-list-item', { hasText: 'Failed to save' }).count();
    if (await center.isVisible()) await this.page.keyboard.press('Escape');
    return count;
  }

  /** Closes a document without what was typed into it. */
  async revert(): Promise<void> {
    await this.hosts.runCommand('View: Revert and Close Editor');
  }
}
