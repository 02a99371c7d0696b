import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { carry } from '../../../../../src/engines/environment/access/carry.ts';

suite('What one process writes and another reads', { timeout: 20_000 }, () => {
  const programs = async (from: string, to: string, signal?: AbortSignal) => {
    const cancel = signal === undefined ? {} : { cancelSignal: signal };
    const writer = execa('sh', ['-c', from], { stdin: 'ignore', buffer: false, reject: false, ...cancel });
    const reader = execa('sh', ['-c', to], { reject: false, ...cancel });
    const told: number[] = [];
    const carried = carry(writer.stdout, reader.stdin, (bytes) => told.push(bytes));
    const [wrote, read, taken] = await Promise.all([writer, reader, carried]);
    return [wrote, read, taken, told] as const;
  };

  test('arrives whole, and is counted', async () => {
    const [writer, reader, taken, told] = await programs('head -c 1000000 /dev/zero', 'wc -c');
    assert.ok(!writer.failed && taken);
    assert.equal(reader.stdout.trim(), '1000000');
    assert.equal(told.at(-1), 1_000_000);
  });

  test('keeps nobody waiting when the reader ends first', async () => {
    const [, reader, taken] = await programs('exec cat /dev/zero', 'exit 3');
    assert.equal(reader.exitCode, 3);
    assert.ok(!taken);
  });

  test('is not blamed on the reader when the writer fails', async () => {
    const [writer, , taken] = await programs('echo some; exit 4', 'cat');
    assert.equal(writer.exitCode, 4);
    assert.ok(taken);
  });

  test('ends when it is called off, also before it began', async () => {
    const [writer] = await programs('exec cat /dev/zero', 'exec cat >/dev/null', AbortSignal.timeout(100));
    assert.ok(writer.isCanceled);
    const [never] = await programs('exec cat /dev/zero', 'exec sleep 10', AbortSignal.abort());
    assert.ok(never.isCanceled);
  });
});
