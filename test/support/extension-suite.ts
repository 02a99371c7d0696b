import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleExtensionTests } from '../../scripts/lib/bundle-extension-tests.ts';
import { root } from '../../scripts/lib/paths.ts';
import { startPrivateDaemon } from './private-daemon.ts';
import type { TestEvent } from './test-event.ts';

/** What a VS Code needs to know to run the suite. */
export interface ExtensionSuite {
  readonly extensionTests: string;
  readonly folder: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
}

/** The results, which are written when all tests are done. */
async function readEvents(report: string, log: string): Promise<TestEvent[]> {
  const text = await readFile(report, 'utf8').catch((cause: unknown) => {
    throw new Error(`The extension host reported no results. It logged:\n${log}`, { cause });
  });
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): TestEvent => JSON.parse(line));
}

/**
 * Runs the extension-host tests in the VS Code that `open` starts, and that answers with its log at the end. They have a daemon of their own with a guest
 * `tiny-os` (KVM_TEST_URI) and the test driver (KVM_TEST_DRIVER_URI), both in the setting `kvm.hosts`.
 */
export async function runExtensionSuite(
  open: (suite: ExtensionSuite) => Promise<string>,
): Promise<TestEvent[]> {
  const extensionTests = await bundleExtensionTests();
  if (extensionTests === undefined) return [];
  await using daemon = await startPrivateDaemon();
  await daemon.defineTinyOs('tiny-os');
  await using undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-report-'));
  undo.defer(() => rm(folder, { recursive: true }));
  const report = join(folder, 'events.jsonl');
  const log = await open({
    extensionTests,
    folder: join(root, 'examples', 'tiny-os'),
    settings: {
      'kvm.showLocalHosts': false,
      'kvm.hosts': [
        { name: 'QEMU', uri: daemon.uri },
        { name: 'Test driver', uri: daemon.testUri },
      ],
    },
    env: { KVM_TEST_REPORT: report, KVM_TEST_URI: daemon.uri, KVM_TEST_DRIVER_URI: daemon.testUri },
  });
  return readEvents(report, log);
}
