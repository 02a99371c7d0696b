import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { gesture } from './gesture.ts';
import type { HostsPage } from './hosts-page.ts';
import type { Workbench } from './workbench.ts';

/** What a person sees of guests and types into them, in the terminals and displays of a workbench. */
export class ConsolePage {
  readonly #workbench: Workbench;
  readonly #hosts: HostsPage;

  constructor(workbench: Workbench, hosts: HostsPage) {
    this.#workbench = workbench;
    this.#hosts = hosts;
  }

  get terminal(): Locator {
    return this.#workbench.page.locator('.terminal-wrapper.active');
  }

  /** What is on the screen of the terminal. */
  async #screen(): Promise<string> {
    const rows = await this.terminal
      .locator('.xterm-rows')
      .innerText({ timeout: 1_000 })
      .catch(() => '');
    return rows.replaceAll('\u00A0', ' ');
  }

  /** Waits for words on the screen of the terminal. */
  async sees(pattern: RegExp, withinMs = 30_000): Promise<string> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const text = await this.#screen();
      if (pattern.test(text)) return text;
      if (Date.now() > deadline) assert.fail(`${String(pattern)} is not on the screen:\n${text}`);
      await this.#workbench.page.waitForTimeout(50);
    }
  }

  /**
   * Answers what the guest asks, until it has a prompt. A login throws away what was typed before it listens, a
   * moment after its question is on the screen: it may get nothing or half a password, and asks for both again.
   */
  async logIn(user: string, password: string): Promise<void> {
    await this.focus();
    const deadline = Date.now() + 60_000;
    for (let asked = ''; ; asked = await this.#changes(asked)) {
      if (/#\s*$/u.test(asked)) return;
      if (Date.now() > deadline) assert.fail(`Nobody gets in: ${await this.#screen()}`);
      const answer = /login:\s*$/u.test(asked) ? user : /Password:\s*$/u.test(asked) ? password : undefined;
      if (answer === undefined) continue;
      await this.#workbench.page.waitForTimeout(300);
      await this.type(answer);
    }
  }

  /** The line that is typed into, once it is another one, or an answer seems to be lost. */
  async #changes(before: string): Promise<string> {
    const row = this.terminal
      .locator('.xterm-rows > div')
      .filter({ has: this.#workbench.page.locator('.xterm-cursor') });
    let line = before;
    for (let waited = 0; waited < 50 && line === before; waited++) {
      await this.#workbench.page.waitForTimeout(100);
      line = await row.innerText({ timeout: 1_000 }).catch(() => before);
    }
    return line;
  }

  /** Gives the keyboard to the terminal. From a display, which is a page of its own, it comes a moment later. */
  async focus(): Promise<void> {
    await gesture((within) => this.terminal.click(within), this.terminal.locator('.xterm.focus'));
  }

  /** Into whatever has the keyboard. */
  async type(text: string): Promise<void> {
    await this.#workbench.page.keyboard.type(text);
    await this.#workbench.page.keyboard.press('Enter');
  }

  /** Runs a command in the guest's shell, on a screen that is empty but for what it says. */
  async run(command: string): Promise<void> {
    await this.focus();
    await this.#workbench.page.keyboard.insertText(`clear; ${command}`);
    await this.#workbench.page.keyboard.press('Enter');
  }

  display(tab = 0): FrameLocator {
    return this.#workbench.page
      .frameLocator('iframe.webview >> nth=' + tab)
      .frameLocator('iframe#active-frame');
  }

  canvas(tab = 0): Locator {
    return this.display(tab).locator('canvas');
  }

  /** Settles when the display has a picture. */
  async shows(tab = 0): Promise<void> {
    await this.display(tab).locator('#screen[data-frames]').waitFor();
  }

  /** The keys of the display, one at a time as fingers press them. */
  async typeOnDisplay(text: string): Promise<void> {
    await gesture((within) => this.canvas().click(within), this.display().locator('canvas:focus'));
    await this.#workbench.page.keyboard.type(`${text}\n`, { delay: 15 });
  }

  /** What a person would paste. */
  readClipboard(): Promise<string> {
    return this.#workbench.page.evaluate<string>('navigator.clipboard.readText()');
  }

  async writeClipboard(text: string): Promise<void> {
    await this.#workbench.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  }

  /** One of the buttons over the display that was used last. */
  button(name: string): Locator {
    return this.#workbench.page.locator('.editor-actions').getByRole('button', { name });
  }

  /** One of those buttons, until the one that undoes it has taken its place: the display knows by then. */
  async turn(button: string, undo: string): Promise<void> {
    await gesture((within) => this.button(button).click(within), this.button(undo));
  }

  /** One of what the “…” beside them offers. */
  async choose(entry: string): Promise<void> {
    await this.#hosts.pickFromMenu(entry, (within) => this.button('More Actions').click(within));
  }
}
