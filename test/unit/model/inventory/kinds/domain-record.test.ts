import assert from 'node:assert/strict';
import { afterEach, mock, suite, test } from 'node:test';
import {
  conditionOf,
  type DomainReading,
  type DomainRecord,
  nextRecord,
  recordOf,
  refOf,
  sameRecord,
} from '../../../../../src/model/inventory/kinds/domain-record.ts';
import { domainState, isActive, stateReason } from '../../../../../src/client/libvirt/domain/state.ts';
import { record } from '../../../support/records.ts';

const uuid = '6695eb01-f6a4-8304-79aa-97f2502e193f';

function read(differences: Partial<DomainReading> = {}): DomainRecord {
  return recordOf({
    ref: { name: 'web', uuid, id: -1 },
    state: 'shut-off',
    reason: 0,
    persistent: true,
    autostart: false,
    managedSave: false,
    size: undefined,
    ...differences,
  });
}

suite('The record of a domain', () => {
  afterEach(() => mock.timers.reset());

  test('has an id only while libvirt gives one', () => {
    assert.equal(nextRecord(undefined, read({ state: 'running' })).id, undefined);
    const ref = { name: 'web', uuid, id: 0 };
    assert.equal(nextRecord(undefined, read({ ref, state: 'running' })).id, 0);
  });

  test('has no id when it was switched off between the calls that read it', () => {
    assert.equal(nextRecord(undefined, read({ ref: { name: 'web', uuid, id: 1 } })).id, undefined);
  });

  test('names the domain for calls as libvirt does', () => {
    assert.deepEqual(refOf(record({ id: 7 })), { name: 'web', uuid, id: 7 });
    assert.deepEqual(refOf(record()), { name: 'web', uuid, id: -1 });
  });

  test('tells the reason in words', () => {
    assert.equal(nextRecord(undefined, read({ reason: 3 })).reason, 'crashed');
    assert.equal(nextRecord(undefined, read({ reason: 99 })).reason, '');
  });

  test('keeps a known size when none was read again', () => {
    const size = { vcpus: 2, memoryKiB: 1024 };
    assert.deepEqual(nextRecord(record({ size }), read()).size, size);
    const bigger = { vcpus: 4, memoryKiB: 2048 };
    assert.deepEqual(nextRecord(record({ size }), read({ size: bigger })).size, bigger);
  });

  test('knows since when only if it saw the change', () => {
    mock.timers.enable({ apis: ['Date'], now: 5000 });
    const met = nextRecord(undefined, read());
    assert.equal(met.since, undefined);
    const started = nextRecord(met, read({ state: 'running' }));
    assert.equal(started.since?.getTime(), 5000);
    mock.timers.setTime(9000);
    const renamed = nextRecord(started, read({ state: 'running', ref: { name: 'db', uuid, id: 1 } }));
    assert.equal(renamed.since?.getTime(), 5000, 'another change in the same state');
    assert.equal(nextRecord(renamed, read()).since?.getTime(), 9000);
  });
});

suite('Whether two records say the same', () => {
  const differences: readonly Partial<DomainRecord>[] = [
    { name: 'db' },
    { id: 1 },
    { state: 'paused' },
    { reason: 'crashed' },
    { persistent: false },
    { autostart: true },
    { managedSave: true },
    { size: { vcpus: 1, memoryKiB: 2 } },
  ];
  for (const difference of differences)
    test(`not with another ${Object.keys(difference).join()}`, () => {
      assert.equal(sameRecord(record(), record(difference)), false);
      assert.equal(sameRecord(record(difference), record(difference)), true);
    });

  test('not with other numbers in the size', () => {
    const size = { vcpus: 1, memoryKiB: 2 };
    assert.equal(sameRecord(record({ size }), record({ size: { ...size } })), true);
    assert.equal(sameRecord(record({ size }), record({ size: { ...size, vcpus: 2 } })), false);
    assert.equal(sameRecord(record({ size }), record({ size: { ...size, memoryKiB: 3 } })), false);
  });
});

suite('The condition of a domain', () => {
  test('is saved only while it is off', () => {
    assert.equal(conditionOf(record({ managedSave: true })), 'saved');
    assert.equal(conditionOf(record({ managedSave: true, state: 'running' })), 'running');
    assert.equal(conditionOf(record()), 'shut-off');
    assert.equal(conditionOf(record({ reason: 'forced-off' })), 'shut-off');
  });

  test('has a condition of its own when it crashed or could not be started', () => {
    assert.equal(conditionOf(record({ reason: 'crashed' })), 'crashed');
    assert.equal(conditionOf(record({ reason: 'start-failed' })), 'start-failed');
    assert.equal(conditionOf(record({ reason: 'start-failed', managedSave: true })), 'saved');
    assert.equal(conditionOf(record({ state: 'running', reason: 'crashed' })), 'running');
  });
});

suite("libvirt's states", () => {
  test('are told by their numbers, also those of a newer libvirt', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, -1].map(domainState).join(' '),
      'no-state running blocked paused shutting-down shut-off crashed suspended no-state no-state',
    );
  });

  test('each have their own reasons', () => {
    assert.equal(stateReason('running', 1), 'booted');
    assert.equal(stateReason('paused', 5), 'io-error');
    assert.equal(stateReason('shut-off', 5), 'saved');
    assert.equal(stateReason('paused', 1000), '');
  });

  test('are active while there may be a process', () => {
    assert.equal(isActive('shut-off'), false);
    assert.equal(isActive('no-state'), false);
    for (const state of ['running', 'blocked', 'paused', 'shutting-down', 'crashed', 'suspended'] as const)
      assert.equal(isActive(state), true, state);
  });
});
