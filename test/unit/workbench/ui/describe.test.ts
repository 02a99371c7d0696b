import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  conditionWithAnyReason,
  conditionWithReason,
  sizeText,
} from '../../../../src/workbench/ui/describe.ts';
import { record } from '../../support/records.ts';

suite('A domain in words', () => {
  const crashed = record({ state: 'shut-off', reason: 'crashed' });
  const booted = record({ state: 'running', reason: 'booted' });
  const silent = record({ state: 'blocked', reason: '' });
  const saved = record({ managedSave: true, reason: 'saved' });
  const unstarted = record({ state: 'shut-off', reason: 'start-failed' });
  const broken = record({ state: 'paused', reason: 'io-error' });

  test('tells a reason that a person should notice', () => {
    assert.equal(conditionWithReason(crashed), 'crashed');
    assert.equal(conditionWithReason(unstarted), 'failed to start');
    assert.equal(conditionWithReason(broken), 'paused (I/O error)');
  });

  test('leaves out a reason that only says all is well', () => {
    assert.equal(conditionWithReason(booted), 'running');
    assert.equal(conditionWithReason(silent), 'running');
    assert.equal(conditionWithReason(saved), 'saved');
    assert.equal(conditionWithReason(record({ reason: 'forced-off' })), 'shut off');
  });

  test('has every reason where there is room, but nothing twice', () => {
    assert.equal(conditionWithAnyReason(booted), 'running (booted)');
    assert.equal(conditionWithAnyReason(saved), 'saved');
    assert.equal(conditionWithAnyReason(silent), 'running');
  });
});

suite('A size', () => {
  const sizes: readonly (readonly [number, string])[] = [
    [0, '0 KiB'],
    [512, '512 KiB'],
    [1023, '1023 KiB'],
    [1024, '1 MiB'],
    [1536, '1.5 MiB'],
    [16_384, '16 MiB'],
    [1_048_576, '1 GiB'],
    [8_388_608, '8 GiB'],
    [1_073_741_824, '1 TiB'],
    [4_398_046_511_104, '4096 TiB'],
  ];
  for (const [kib, text] of sizes) test(`of ${kib} KiB is ${text}`, () => assert.equal(sizeText(kib), text));
});
