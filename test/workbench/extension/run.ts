import { appendFile } from 'node:fs/promises';
import Mocha from 'mocha';
import type { TestEvent } from '../../support/test-event.ts';

/** Runs in the extension host. Every result becomes a line of JSON in the file that KVM_TEST_REPORT names. */
export async function runMocha(load: () => Promise<void>): Promise<void> {
  const report = process.env['KVM_TEST_REPORT'];
  if (report === undefined) throw new Error('KVM_TEST_REPORT does not say where to report to.');
  const mocha = new Mocha({ ui: 'tdd', timeout: 30_000 });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await load();

  const events: TestEvent[] = [];
  const failures = await new Promise<number>((resolve) => {
    mocha
      .run(resolve)
      .on('pass', (test) => events.push({ name: test.fullTitle(), outcome: 'passed' }))
      .on('pending', (test) => events.push({ name: test.fullTitle(), outcome: 'skipped' }))
      .on('fail', (test, error: Error) =>
        events.push({ name: test.fullTitle(), outcome: 'failed', detail: error.stack ?? error.message }),
      );
  });
  await appendFile(report, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
