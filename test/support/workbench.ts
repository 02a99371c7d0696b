import { EventEmitter, once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findBrowser } from '../../scripts/lib/browser.ts';
import { findCodeServer } from '../../scripts/lib/code-server.ts';
import { out, root } from '../../scripts/lib/paths.ts';
import { startWorkbenchServer, type WorkbenchServer } from '../../scripts/lib/workbench-server.ts';

export interface WorkbenchOptions {
  /** The folder to open. */
  readonly folder: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly theme?: 'light' | 'dark';
  /** A module whose `run` is called in the extension host. */
  readonly extensionTests?: string;
  /** For the server, and so for the extension host. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A real VS Code in a browser page, with this extension in its extension host. */
export interface Workbench extends AsyncDisposable {
  readonly page: Page;
  readonly url: string;
  /** What the extension host and the page logged so far, a line each. */
  readonly log: readonly string[];
  /** The exit code of `extensionTests`; rejects when the page ends before they do. */
  readonly testsEnded: Promise<number>;
  /** Where its server keeps everything: settings, state, logs. */
  readonly dataFolder: string;
  /** Keeps a picture as out/pictures/NAME.png. */
  screenshot(name: string): Promise<void>;
  dispose(): Promise<void>;
}

const browserArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const themes = { light: 'Default Light Modern', dark: 'Default Dark Modern' };

/** Turns off what would cover the page or differ between runs. */
const calmSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  // A test shows its own daemons, never the person's.
  'kvm.showLocalHosts': false,
  'chat.disableAIFeatures': true,
  // Without a graphics card the processor draws every frame, and tests have better use for it.
  'terminal.integrated.gpuAcceleration': 'off',
  'workbench.reduceMotion': 'on',
  'editor.cursorBlinking': 'solid',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
};

/** Themes and grammars; the others only cost every test some seconds of start. */
const builtinExtensions = ['theme-defaults', 'theme-seti', 'cpp', 'json', 'xml', 'yaml'];

/**
 * Draws 25 frames a second and not 60. Without a graphics card the processor draws them, and half of what a page
 * costs it is that.
 */
const FEWER_FRAMES = `
  window.requestAnimationFrame = (draw) => setTimeout(() => draw(performance.now()), 40);
  window.cancelAnimationFrame = clearTimeout;
`;

const OPEN_MS = 60_000;

/** Without a page. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await findBrowser();
  if (executablePath === undefined) throw new Error('There is no Chromium: `npm test` installs it.');
  return chromium.launch({ executablePath, args: browserArgs });
}

/** Answers the functions that the workbench calls on its page, as VS Code's own tests do. */
async function listen(page: Page, log: string[]): Promise<{ testsEnded: Promise<number> }> {
  const ending = new EventEmitter<{ ended: [number]; error: [Error] }>();
  const testsEnded = once(ending, 'ended').then(([code]) => Number(code));
  // Most pages run no tests, so that nobody waits for this.
  testsEnded.catch(() => undefined);
  const giveUp = (why: string) => () =>
    ending.listenerCount('error') > 0 && ending.emit('error', new Error(why));
  page.on('close', giveUp('The page was closed before its tests ended.'));
  page.on('crash', giveUp('The page crashed.'));
  page.on('requestfailed', (request) =>
    log.push(`request failed: ${request.url()} ${request.failure()?.errorText ?? ''}`),
  );
  page.on('pageerror', (error) => log.push(`page error: ${error.message}`));
  await page.exposeFunction('codeAutomationExit', (code: number) => ending.emit('ended', code));
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
    const texts = args.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
    log.push(`${type}: ${texts.join(' ')}`);
  });
  return { testsEnded };
}

async function openPage(
  browser: Browser,
  server: WorkbenchServer,
  options: WorkbenchOptions,
): Promise<Omit<Workbench, 'dataFolder' | 'dispose' | typeof Symbol.asyncDispose>> {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    colorScheme: options.theme ?? 'dark',
  });
  const log: string[] = [];
  const { testsEnded } = await listen(page, log);
  await page.addInitScript(FEWER_FRAMES);
  const url = server.urlFor({
    folder: options.folder,
    extension: root,
    ...(options.extensionTests === undefined ? {} : { extensionTests: options.extensionTests }),
  });
  const screenshot = async (name: string) => {
    await page.screenshot({ path: join(out, 'pictures', `${name}.png`) });
  };
  await page.goto(url);
  const first = page.locator('.monaco-workbench .activitybar .action-item').first();
  await first.waitFor({ timeout: OPEN_MS }).catch(async (cause: unknown) => {
    await screenshot('failed to open');
    throw new Error(`No workbench to be seen:\n${log.join('\n')}\n${server.output()}`, { cause });
  });
  return { page, url, log, testsEnded, screenshot };
}

/** Starts a server and a browser of its own, both gone after `dispose`. The extension must have been built. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const codeServer = await findCodeServer();
  if (!codeServer) throw new Error('code-server is not installed: `npm test` does that.');
  await mkdir(join(out, 'pictures'), { recursive: true });

  await using undo = new AsyncDisposableStack();
  const dataFolder = await mkdtemp(join(tmpdir(), 'kvm-code-'));
  undo.defer(() => rm(dataFolder, { recursive: true, force: true, maxRetries: 5 }));
  // Sockets are in it too, whose paths have to be short.
  const temporary = join(dataFolder, 't');
  await mkdir(temporary);
  const server = await startWorkbenchServer(codeServer, {
    dataFolder,
    builtinExtensions,
    settings: {
      ...calmSettings,
      'workbench.colorTheme': themes[options.theme ?? 'dark'],
      ...options.settings,
    },
    // It is killed in the end, and leaves there what it was about to remove.
    env: { TMPDIR: temporary, ...options.env },
  });
  // Nothing in the data folder is worth a polite end.
  undo.defer(() => server.dispose(0));
  const browser = await launchBrowser();
  undo.defer(() => browser.close());

  const opened = await openPage(browser, server, options);
  const resources = undo.move();
  const dispose = () => resources.disposeAsync();
  return { ...opened, dataFolder, dispose, [Symbol.asyncDispose]: dispose };
}
