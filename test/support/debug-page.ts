import type { Locator } from 'playwright-core';
import { eventually } from './eventually.ts';
import { gesture, gone } from './gesture.ts';
import type { HostsPage } from './hosts-page.ts';
import type { Workbench } from './workbench.ts';

/** What somebody does who debugs. */
export class DebugPage {
  readonly #workbench: Workbench;
  readonly #hosts: HostsPage;

  constructor(workbench: Workbench, hosts: HostsPage) {
    this.#workbench = workbench;
    this.#hosts = hosts;
  }

  /** Opens a file of the workspace at a line. */
  async goTo(file: string, line: number): Promise<void> {
    await this.#hosts.openFile(file, line);
    await this.#workbench.page.locator('.statusbar-item', { hasText: `Ln ${line},` }).waitFor();
  }

  /** Sets the first breakpoint of a file. */
  async setBreakpoint(file: string, line: number): Promise<void> {
    const { page } = this.#workbench;
    await this.goTo(file, line);
    const glyph = page.locator('.editor-instance .codicon-debug-breakpoint').first();
    // A second press would take it away.
    await gesture(async () => (await glyph.isVisible()) || (await page.keyboard.press('F9')), glyph);
  }

  /** Stops at a function, whatever its file. */
  async breakAtFunction(name: string): Promise<void> {
    const { page } = this.#workbench;
    const input = page.locator('.debug-breakpoints .monaco-inputbox input');
    await gesture(() => this.#hosts.runCommand('Add Function Breakpoint'), input);
    await gesture(
      async (within) => {
        await input.fill(name, within);
        await input.press('Enter', within);
      },
      page.locator('.debug-breakpoints .monaco-list-row', { hasText: name }).first(),
    );
  }

  async removeBreakpoints(): Promise<void> {
    await gesture(
      () => this.#hosts.runCommand('Remove All Breakpoints'),
      gone(this.#workbench.page.locator('.debug-breakpoints .breakpoint').first()),
    );
  }

  /** Waits until a serial console that can be seen says so. */
  async consoleSays(pattern: RegExp): Promise<void> {
    const screens = this.#workbench.page.locator('.terminal-wrapper .xterm-rows:visible');
    await eventually(`a console says ${String(pattern)}`, async () =>
      (await screens.allInnerTexts()).some((text) => pattern.test(text.replaceAll('\u00A0', ' '))),
    );
  }

  /** The configuration that F5 starts from now on. */
  async choose(configuration: string): Promise<void> {
    await gesture(async (within) => {
      await this.#hosts.runCommand('Debug: Select and Start Debugging');
      await this.#hosts.input.fill(`debug ${configuration}`, within);
    }, this.#hosts.choice(configuration));
    await this.#hosts.take(configuration);
  }

  /** Shows the side bar of whoever debugs. */
  async open(): Promise<void> {
    const { page } = this.#workbench;
    await gesture(() => page.keyboard.press('Control+Shift+D'), page.locator('.debug-call-stack'));
  }

  async press(key: string): Promise<void> {
    await this.#workbench.page.keyboard.press(key);
  }

  /** The frame at the top of the call stack, once the guest is stopped there. */
  frame(text: string): Locator {
    return this.#workbench.page.locator('.debug-call-stack .stack-frame', { hasText: text }).first();
  }

  /** Waits until the guest is stopped at a line of the file that is open. */
  async stoppedAt(line: number): Promise<void> {
    const { page } = this.#workbench;
    await page
      .locator('.debug-call-stack .stack-frame .line-number', { hasText: String(line) })
      .first()
      .waitFor();
  }

  get toolbar(): Locator {
    return this.#workbench.page.locator('.debug-toolbar');
  }

  /** Types into the debug console and waits for what it says. */
  async evaluate(expression: string, result: string): Promise<void> {
    const { page } = this.#workbench;
    await gesture(
      () => this.#hosts.runCommand('Debug Console: Focus on Debug Console View'),
      page.locator('.repl-input-wrapper .monaco-editor.focused'),
    );
    await page.keyboard.type(expression);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.locator('.repl .monaco-list-row', { hasText: result }).last().waitFor();
  }

  /** Stops the session and waits until it is over. */
  async stop(): Promise<void> {
    await this.press('Shift+F5');
    await this.toolbar.waitFor({ state: 'hidden' });
  }
}
