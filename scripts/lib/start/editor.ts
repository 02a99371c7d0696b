import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { installCodeServer } from '../code-server.ts';
import { packagedExtension } from '../package.ts';
import { root } from '../paths.ts';
import { step } from '../steps.ts';
import { tinyOsFolder } from '../tiny-os.ts';
import { startWorkbenchServer } from '../workbench-server.ts';

/** The same address at every start, so that the browser keeps what a person arranged. */
const usualPort = 8642;

/** A first look without what has nothing to do with this extension. */
const demoSettings = {
  'workbench.startupEditor': 'readme',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
};

export function hasDisplay(): boolean {
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

/** A desktop VS Code that can be opened: it refuses root. */
export async function hasDesktop(): Promise<boolean> {
  if (!hasDisplay() || process.getuid?.() === 0) return false;
  const { failed } = await execa('code', ['--version'], { reject: false, stdin: 'ignore' });
  return !failed;
}

/** Resolves when its window is closed. */
export async function openDesktop(signal: AbortSignal): Promise<void> {
  await execa('code', ['--new-window', '--wait', `--extensionDevelopmentPath=${root}`, tinyOsFolder], {
    stdin: 'ignore',
    cancelSignal: signal,
  });
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    // Taken, or not for us: either way another one will do.
    return false;
  } finally {
    server.close();
  }
}

/** Serves VS Code for a browser until `undo`. The address holds a secret: other users of the machine lack it. */
export async function serveBrowser(
  port: number | undefined,
  undo: AsyncDisposableStack,
): Promise<{ url: string; ended: Promise<void> }> {
  const codeServer = await step('code-server (minutes when new)', () => installCodeServer());
  return step('browser workbench', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'kvm-workbench-start-'));
    undo.defer(() => rm(dataFolder, { recursive: true, force: true, maxRetries: 5 }));
    const server = await startWorkbenchServer(codeServer, {
      dataFolder,
      vsix: await packagedExtension(),
      settings: demoSettings,
      port: port ?? ((await isFree(usualPort)) ? usualPort : 0),
      token: randomBytes(16).toString('hex'),
    });
    undo.defer(() => server.dispose());
    return { url: server.urlFor({ folder: tinyOsFolder }), ended: server.ended };
  });
}

/** Shows the page to a person who has a screen here. */
export async function openBrowser(url: string): Promise<void> {
  const { failed, shortMessage } = await execa('xdg-open', [url], {
    reject: false,
    stdin: 'ignore',
    timeout: 10_000,
  });
  if (failed) console.log(`  The browser could not be opened: ${shortMessage}`);
}
