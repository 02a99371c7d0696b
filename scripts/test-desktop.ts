import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, runTests, TestRunFailedError } from '@vscode/test-electron';
import { type ExtensionSuite, runExtensionSuite } from '../test/support/extension-suite.ts';
import { buildExtension } from './lib/bundle.ts';
import { runMain } from './lib/main.ts';
import { root } from './lib/paths.ts';
import { SetupError } from './lib/system-packages.ts';

/** VSCODE_EXECUTABLE, or a VS Code that is downloaded. */
async function findVSCode(): Promise<string> {
  const executable = process.env['VSCODE_EXECUTABLE'];
  if (executable !== undefined) return executable;
  return downloadAndUnzipVSCode().catch((error: unknown) => {
    throw new SetupError(
      `VS Code could not be downloaded (${error instanceof Error ? error.message : String(error)}). ` +
        'VSCODE_EXECUTABLE can name an installed one.',
    );
  });
}

async function openDesktop({ extensionTests, folder, settings, env }: ExtensionSuite): Promise<string> {
  await using undo = new AsyncDisposableStack();
  const userData = await mkdtemp(join(tmpdir(), 'kvm-workbench-code-'));
  undo.defer(() => rm(userData, { recursive: true, force: true, maxRetries: 5 }));
  await mkdir(join(userData, 'User'), { recursive: true });
  await writeFile(join(userData, 'User', 'settings.json'), JSON.stringify(settings));
  const result = runTests({
    vscodeExecutablePath: await findVSCode(),
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
  return await result.then(
    () => '',
    (error: unknown) => {
      // Which tests failed is in their report.
      if (error instanceof TestRunFailedError) return error.message;
      throw error;
    },
  );
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
