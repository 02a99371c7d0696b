import type { Locator } from 'playwright-core';
import { eventually } from './eventually.ts';
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
    const { page } = this.#workbench;
    await page.keyboard.press('Control+p');
    await this.#hosts.input.fill(`${file}:${line}`);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: file }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator(`.tab.active[data-resource-name="${file}"]`).waitFor();
    await page.locator('.statusbar-item', { hasText: `Ln ${line},` }).waitFor();
  }

  async toggleBreakpoint(file: string, line: number): Promise<void> {
    await this.goTo(file, line);
    await this.#workbench.page.keyboard.press('F9');
  }

  /** Stops at a function, whatever its file. */
  async breakAtFunction(name: string): Promise<void> {
    const { page } = this.#workbench;
    await this.#hosts.runCommand('Add Function Breakpoint');
    const input = page.locator('.debug-breakpoints .monaco-inputbox input');
    await input.fill(name);
    await input.press('Enter');
    await page.locator('.debug-breakpoints .monaco-list-row', { hasText: name }).first().waitFor();
  }

  async removeBreakpoints(): Promise<void> {
    await this.#hosts.runCommand('Remove All Breakpoints');
    await this.#workbench.page
      .locator('.debug-breakpoints .breakpoint')
      .first()
      .waitFor({ state: 'detached' });
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
    const { page } = this.#workbench;
    await this.#hosts.runCommand('Debug: Select and Start Debugging');
    await this.#hosts.input.fill(`debug ${configuration}`);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: configuration }).first().click();
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
    await this.#hosts.runCommand('Debug Console: Focus on Debug Console View');
    await page.locator('.repl-input-wrapper .monaco-editor.focused').waitFor();
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
