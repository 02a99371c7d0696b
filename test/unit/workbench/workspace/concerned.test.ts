import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { DomainRecord } from '../../../../src/model/inventory/kinds/domain-record.ts';
import { ChangedDomains, isConcerned } from '../../../../src/workbench/workspace/concerned.ts';
import type { GuestStatus } from '../../../../src/workbench/workspace/entry.ts';
import { record } from '../../support/records.ts';

const WEB = record({ uuid: 'w', name: 'shop-web' });
const OTHER = record({ uuid: 'o', name: 'other' });
const domains: ReadonlyMap<string, DomainRecord> = new Map([WEB, OTHER].map((each) => [each.uuid, each]));

const there: GuestStatus = {
  kind: 'there',
  running: true,
  state: 'running',
  restartPending: false,
  uuid: 'w',
  address: undefined,
};

function concerned(status: GuestStatus | undefined, ...uuids: readonly string[]): boolean {
  return isConcerned('shop-web', status, new Set(uuids), domains);
}

suite('A guest of a kvm.yaml', () => {
  test('is not read again when other domains change', () => {
    assert.equal(concerned(there, 'o'), false);
    assert.equal(concerned({ kind: 'absent' }, 'o', 'gone'), false);
    assert.equal(concerned(there), false);
  });

  test('is read again when its domain changes, is renamed or goes', () => {
    assert.equal(concerned(there, 'w'), true);
    assert.equal(isConcerned('shop-web', there, new Set(['w']), new Map()), true);
  });

  test('is read again when a domain gets its name', () => {
    assert.equal(concerned({ kind: 'absent' }, 'w'), true);
    assert.equal(concerned({ kind: 'foreign' }, 'w'), true);
  });

  test('is read again when the domain that had its name may be gone', () => {
    assert.equal(concerned({ kind: 'foreign' }, 'gone'), true);
  });

  test('is read when nothing is known of it', () => {
    assert.equal(concerned(undefined, 'o'), true);
    assert.equal(concerned({ kind: 'unknown', why: 'lab is not connected' }, 'o'), true);
  });

  test('hears of the domains of its own host alone', () => {
    const changed = new ChangedDomains();
    changed.add('one', ['w']);
    changed.add('one', ['o']);
    assert.deepEqual([...changed.of('one')], ['w', 'o']);
    assert.equal(changed.of('two').size, 0);
  });
});
