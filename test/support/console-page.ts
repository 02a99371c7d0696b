import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import type { Workbench } from './workbench.ts';

/** What a person sees of guests and types into them, in the terminals and displays of a workbench. */
export class ConsolePage {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  get terminal(): Locator {
    return this.#workbench.page.locator('.terminal-wrapper.active');
  }

  /** Waits for words on the screen of the terminal. */
  async sees(pattern: RegExp, withinMs = 30_000): Promise<string> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const rows = await this.terminal
        .locator('.xterm-rows')
        .innerText({ timeout: 1_000 })
        .catch(() => '');
      const text = rows.replaceAll('\u00A0', ' ');
      if (pattern.test(text)) return text;
      if (Date.now() > deadline) assert.fail(`${String(pattern)} is not on the screen:\n${text}`);
      await this.#workbench.page.waitForTimeout(50);
    }
  }

  /** Into whatever has the keyboard. */
  async type(text: string): Promise<void> {
    await this.#workbench.page.keyboard.type(text);
    await this.#workbench.page.keyboard.press('Enter');
  }

  /** Runs a command in the guest's shell, on a screen that is empty but for what it says. */
  async run(command: string): Promise<void> {
    await this.terminal.click();
    await this.type(`clear; ${command}`);
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
    await this.canvas().click();
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
  async press(button: string): Promise<void> {
    await this.#workbench.page.locator('.editor-actions').getByRole('button', { name: button }).click();
  }

  /** One of what the “…” beside them offers. */
  async choose(entry: string): Promise<void> {
    const { page } = this.#workbench;
    await page.locator('.editor-actions').getByRole('button', { name: 'More Actions' }).click();
    await page.getByRole('menuitem', { name: entry }).hover();
    await page.keyboard.press('Enter');
  }
}
