import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { type ExtensionSuite, runExtensionSuite } from '../test/support/extension-suite.ts';
import { buildExtension } from './lib/bundle.ts';
import { runMain } from './lib/main.ts';
import { root } from './lib/paths.ts';

/** In VSCODE_EXECUTABLE, or in a VS Code that is downloaded. */
async function openDesktop({ extensionTests, folder, settings, env }: ExtensionSuite): Promise<void> {
  await using undo = new AsyncDisposableStack();
  const userData = await mkdtemp(join(tmpdir(), 'kvm-workbench-code-'));
  undo.defer(() => rm(userData, { recursive: true, force: true, maxRetries: 5 }));
  await mkdir(join(userData, 'User'), { recursive: true });
  await writeFile(join(userData, 'User', 'settings.json'), JSON.stringify(settings));
  const executable = process.env['VSCODE_EXECUTABLE'];
  await runTests({
    ...(executable === undefined ? {} : { vscodeExecutablePath: executable }),
    extensionDevelopmentPath: root,
    extensionTestsPath: extensionTests,
    extensionTestsEnv: env,
    launchArgs: [
      folder,
      `--user-data-dir=${userData}`,
      `--extensions-dir=${join(userData, 'extensions')}`,
      '--disable-workspace-trust',
      // Electron's sandbox refuses root, as in a container.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}

async function main(): Promise<number> {
  await buildExtension();
  const events = await runExtensionSuite(openDesktop);
  for (const { name, outcome, detail } of events) {
    console.log(`${outcome === 'failed' ? '✗' : '✓'} ${name}${detail === undefined ? '' : `\n${detail}`}`);
  }
  const failed = events.filter(({ outcome }) => outcome === 'failed').length;
  const skipped = events.filter(({ outcome }) => outcome === 'skipped').length;
  console.log(`\n${events.length - failed - skipped} passed, ${failed} failed`);
  return failed === 0 && events.length > 0 ? 0 : 1;
}

await runMain(main);
