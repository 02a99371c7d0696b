import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { root } from '../../scripts/lib/paths.ts';
import { displayPage } from '../../src/workbench/console/display/page.ts';
import type { FromDisplay, ToDisplay } from '../../src/webview/display/messages.ts';

/** The message of a client that moves its mouse (RFC 6143, 7.5.5). */
const POINTER_EVENT = 5;
/** The one of a key. */
const KEY_EVENT = 4;
const ORIGIN = 'https://display.invalid';

/**
 * Captures the mouse as the standard says (Pointer Lock 2.0), for a browser without a window: that has no mouse to
 * hold still, and Chromium then moves it back to its middle again and again, which leaves a page no time.
 */
const CAPTURE = `{
  let holder = null;
  const hold = (element) => {
    holder = element;
    document.dispatchEvent(new Event('pointerlockchange'));
  };
  Object.defineProperty(document, 'pointerLockElement', { get: () => holder });
  Document.prototype.exitPointerLock = () => hold(null);
  Element.prototype.requestPointerLock = async function () { hold(this); };
}`;

declare const window: {
  posted: FromDisplay[];
  acquireVsCodeApi: () => object;
  postMessage(message: unknown, targetOrigin: string): void;
};

/** Bytes, or so many of them by saying the same again and again. */
export type Said = Uint8Array | { readonly again: Uint8Array; readonly bytes: number };

/** The page of a display without VS Code around it, to which anything can be said. */
export class BareDisplay {
  readonly #page: Page;
  readonly errors: string[] = [];

  private constructor(page: Page) {
    this.#page = page;
    page.on('pageerror', ({ message }) => this.errors.push(message));
  }

  static async open(browser: Browser): Promise<BareDisplay> {
    const page = await browser.newPage();
    const display = new BareDisplay(page);
    const script = await readFile(join(root, 'dist/webview/display.js'), 'utf8');
    await page.route(`${ORIGIN}/**`, (route) =>
      route.request().url().endsWith('.js')
        ? route.fulfill({ contentType: 'text/javascript', body: script })
        : route.fulfill({
            contentType: 'text/html',
            body: displayPage(`${ORIGIN}/display.js`, ORIGIN, 'en'),
          }),
    );
    await page.addInitScript(CAPTURE);
    await page.addInitScript(() => {
      window.posted = [];
      const postMessage = (message: FromDisplay) => window.posted.push(message);
      window.acquireVsCodeApi = () => ({ postMessage, setState: () => undefined });
    });
    await page.goto(`${ORIGIN}/`);
    // A page can count as loaded before its module has run, and would not hear what is said until then.
    await page.waitForFunction(() => window.posted.some(({ type }) => type === 'ready'));
    return display;
  }

  /** Begins a new connection with these bytes of a server, says it all, and returns what the page made of it. */
  async hear(...said: readonly Said[]): Promise<readonly FromDisplay[]> {
    await this.#page.evaluate(() => (window.posted = []));
    await this.#post({ type: 'open' });
    for (const each of said)
      await (each instanceof Uint8Array ? this.#say(each, each.length) : this.#say(each.again, each.bytes));
    return this.#page.evaluate(() => window.posted.filter(({ type }) => type !== 'data' && type !== 'taken'));
  }

  /** Where the mouse is said to be, as x and y: of each message for the server that tells it. */
  async pointed(act: (page: Page) => Promise<void>): Promise<readonly (readonly [number, number])[]> {
    await this.#page.evaluate(() => (window.posted = []));
    await act(this.#page);
    const sent = await this.#page.evaluate(() =>
      window.posted.flatMap((message) => (message.type === 'data' ? [[...message.bytes]] : [])),
    );
    return sent.flatMap(([type, , x1 = 0, x0 = 0, y1 = 0, y0 = 0]) =>
      type === POINTER_EVENT ? [[x1 * 256 + x0, y1 * 256 + y0] as const] : [],
    );
  }

  /** The keysyms that the guest gets, in their order: those that are let go are negative (RFC 6143, 7.5.4). */
  async typed(act: (page: Page) => Promise<void>): Promise<readonly number[]> {
    await this.#page.evaluate(() => (window.posted = []));
    await act(this.#page);
    const sent = await this.#page.evaluate(() =>
      window.posted.flatMap((message) => (message.type === 'data' ? [[...message.bytes]] : [])),
    );
    return sent.flatMap(([type, down, , , k3 = 0, k2 = 0, k1 = 0, k0 = 0]) =>
      type === KEY_EVENT ? [((k3 << 24) | (k2 << 16) | (k1 << 8) | k0) * (down === 1 ? 1 : -1)] : [],
    );
  }

  /** What the extension says; settles when the page has heard it. */
  async tell(message: ToDisplay): Promise<void> {
    await this.#post(message);
    await this.#page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
  }

  /** What the buttons of the page ask for. */
  asked(): Promise<readonly string[]> {
    return this.#page.evaluate(() =>
      window.posted.flatMap((message) => (message.type === 'action' ? [message.action] : [])),
    );
  }

  get page(): Page {
    return this.#page;
  }

  async #post(message: ToDisplay): Promise<void> {
    await this.#page.evaluate((sent) => window.postMessage(sent, '*'), message);
  }

  /** Settles when the page has dealt with it. */
  async #say(bytes: Uint8Array, total: number): Promise<void> {
    await this.#page.evaluate(
      async ({ latin1, length }) => {
        const taken = () => window.posted.filter(({ type }) => type === 'taken').length;
        const before = taken();
        const data = new Uint8Array(length);
        for (let at = 0; at < length; at++) data[at] = latin1.charCodeAt(at % latin1.length);
        window.postMessage({ type: 'data', bytes: data }, '*');
        while (taken() === before) await new Promise((resolve) => setTimeout(resolve));
      },
      { latin1: Buffer.from(bytes).toString('latin1'), length: total },
    );
  }
}
