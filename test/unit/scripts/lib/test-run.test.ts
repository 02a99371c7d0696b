import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { CannotRunError } from '../../../../scripts/lib/cannot-run.ts';
import type { Job } from '../../../../scripts/lib/test-layers.ts';
import { plan, progress, runInLanes, summary } from '../../../../scripts/lib/test-run.ts';

/** A job that reports its first test at once, and the second when it is let go. */
function slowJob(name: string): { readonly job: Job; readonly finish: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const job: Job = {
    name,
    async run(report) {
      report({ name: `${name} one`, outcome: 'passed' });
      await promise;
      report({ name: `${name} two`, outcome: 'passed' });
    },
  };
  return { job, finish: () => resolve(undefined) };
}

suite('A run of tests', () => {
  test('tells what runs and what has passed so far, while it runs', async () => {
    const lines: string[] = [];
    const [one, two] = [slowJob('one.test.ts'), slowJob('two.test.ts')];
    const layer = plan('integration', [one.job, two.job], Promise.resolve(), (line) => lines.push(line));
    assert.deepEqual(progress([layer]), []);
    const done = runInLanes(layer.work, 2);
    await turn();
    assert.deepEqual(progress([layer]), ['… integration: 2 passed, running: one.test.ts, two.test.ts']);
    one.finish();
    await turn();
    assert.deepEqual(progress([layer]), ['… integration: 3 passed, running: two.test.ts']);
    two.finish();
    await done;
    assert.deepEqual(progress([layer]), []);
    assert.match(lines.join('\n'), /^✓ integration: 4 passed, 0 failed {2}\d+\.\d s$/u);
  });

  test('names a failure at once, and counts it in what it tells', async () => {
    const lines: string[] = [];
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const job: Job = {
      name: 'bad.test.ts',
      run: async (report) => {
        report({ name: 'it holds', outcome: 'failed', detail: 'It does not.' });
        await promise;
      },
    };
    const layer = plan('unit', [job], Promise.resolve(), (line) => lines.push(line));
    const done = runInLanes(layer.work, 1);
    await turn();
    assert.deepEqual(lines, ['✗ unit: it holds']);
    assert.deepEqual(progress([layer]), ['… unit: 0 passed, 1 failed, running: bad.test.ts']);
    resolve(undefined);
    await done;
    assert.match(lines[1] ?? '', /^✗ unit: 0 passed, 1 failed/u);
  });

  test('fails a job that runs no test or breaks, and a layer without jobs or preparation', async () => {
    const quiet = () => undefined;
    const jobs: readonly Job[] = [
      { name: 'empty', run: () => Promise.resolve() },
      { name: 'broken', run: () => Promise.reject(new Error('It broke')) },
      { name: 'unable', run: () => Promise.reject(new CannotRunError('Not here')) },
    ];
    const layer = plan('integration', jobs, Promise.resolve(), quiet);
    await runInLanes(layer.work, 3);
    assert.equal(summary(layer.events), '0 passed, 2 failed, 1 skipped');
    const unprepared = plan('integration', jobs, Promise.reject(new Error('No')), quiet);
    await runInLanes(unprepared.work, 3);
    assert.equal(summary(unprepared.events), '0 passed, 1 failed');
    assert.equal(summary(plan('unit', [], Promise.resolve(), quiet).events), '0 passed, 1 failed');
  });

  test('runs no more at a time than it has lanes, in their order', async () => {
    let now = 0;
    let most = 0;
    const order: number[] = [];
    const work = Array.from({ length: 7 }, (_, index) => async () => {
      order.push(index);
      most = Math.max(most, ++now);
      await turn();
      now -= 1;
    });
    await runInLanes(work, 3);
    assert.equal(most, 3);
    assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6]);
  });
});
