import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Jobs } from '../../../../src/model/jobs/jobs.ts';
import { Pace } from '../../../../src/model/jobs/pace.ts';

const HOST = { host: 'test:///default', title: 'Uploading a.iso to default' };

suite('Jobs', () => {
  test('say how far they are and how they ended', async () => {
    const jobs = new Jobs();
    const result = await jobs.run(HOST, (_, progress) => {
      progress({ done: 1, total: 4, unit: 'bytes' });
      assert.deepEqual(jobs.all[0]?.progress, { done: 1, total: 4, unit: 'bytes' });
      return Promise.resolve('whole');
    });
    assert.equal(result, 'whole');
    assert.deepEqual([jobs.all[0]?.state, jobs.all[0]?.cancellable], ['done', false]);
  });

  test('end when they are cancelled, and say so', async () => {
    const jobs = new Jobs();
    const running = jobs.run(HOST, (signal) => delay(10_000, undefined, { signal }));
    assert.equal(jobs.all[0]?.state, 'running');
    jobs.cancel(jobs.all[0].id);
    await assert.rejects(running, { name: 'AbortError' });
    assert.equal(jobs.all[0].state, 'cancelled');
  });

  test('keep why they failed', async () => {
    const jobs = new Jobs();
    await assert.rejects(
      jobs.run(HOST, () => Promise.reject(new Error('no room'))),
      /no room/,
    );
    assert.deepEqual([jobs.all[0]?.state, String(jobs.all[0]?.error)], ['failed', 'Error: no room']);
  });

  test('are told of a few times a second, however often they are told, and at the end', () => {
    const jobs = new Jobs();
    const handle = jobs.start(HOST);
    let told = 0;
    jobs.onChange(() => told++);
    for (let done = 0; done <= 10_000; done++) handle.progress({ done, total: 10_000, unit: 'bytes' });
    assert.ok(told >= 2 && told < 20, String(told));
    assert.equal(jobs.get(handle.id)?.progress?.done, 10_000);
  });

  test('that ended are forgotten when many came after them, and those that go on never', () => {
    const jobs = new Jobs();
    const lasting = jobs.start(HOST);
    for (let n = 0; n < 200; n++) jobs.start(HOST).end('done');
    assert.equal(jobs.all.length, 51);
    assert.equal(jobs.get(lasting.id)?.state, 'running');
    jobs.clear();
    assert.deepEqual(
      jobs.all.map(({ id }) => id),
      [lasting.id],
    );
  });

  test('say nothing more once they ended', () => {
    const jobs = new Jobs();
    const handle = jobs.start(HOST);
    handle.end('cancelled');
    handle.fail(new Error('late'));
    handle.progress({ done: 1, total: 1, unit: 'part' });
    assert.deepEqual([jobs.all[0]?.state, jobs.all[0]?.progress], ['cancelled', undefined]);
  });
});

suite('The pace of a job', () => {
  test('is that of the last seconds', () => {
    const pace = new Pace();
    pace.add(0, 0);
    assert.equal(pace.speed, undefined);
    for (let second = 1; second <= 20; second++) pace.add(second * 1000, second * 1000);
    assert.equal(pace.speed, 1000);
    for (let second = 1; second <= 10; second++) pace.add(20_000 + second * 3000, 20_000 + second * 1000);
    assert.equal(pace.speed, 3000);
    assert.equal(pace.remainingMs(80_000), 10_000);
  });

  test('is unknown when nothing moves, and begins anew when less is done than before', () => {
    const pace = new Pace();
    pace.add(10, 0);
    pace.add(10, 2000);
    assert.equal(pace.remainingMs(100), undefined);
    pace.add(0, 3000);
    assert.equal(pace.speed, undefined);
    pace.add(1000, 4000);
    assert.equal(pace.speed, 1000);
  });
});
