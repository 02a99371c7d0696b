import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ErrorCode } from '../../../../../src/client/libvirt/error.ts';
import { RemoteError } from '../../../../../src/client/rpc/error.ts';
import type { DomainRecord } from '../../../../../src/model/inventory/kinds/domain-record.ts';
import { DomainTarget } from '../../../../../src/model/inventory/domain-target.ts';
import type { ObjectName } from '../../../../../src/model/inventory/kinds/kind.ts';
import type { Host } from '../../../../../src/model/inventory/host.ts';
import { suggestedDumpPath } from '../../../../../src/model/operations/domain/dump-memory.ts';
import { changeDomain } from '../../../../../src/model/operations/domain/on-domain.ts';
import { nameProblem } from '../../../../../src/model/operations/domain/rename.ts';
import { GoneError } from '../../../../../src/model/operations/error.ts';
import { record } from '../../../support/records.ts';

/** A host with some domains, which are known only once they are read when they are `late`. */
function hostWith(domains: readonly DomainRecord[], late = false, id = 'qemu:///system') {
  const known = new Map<string, DomainRecord>();
  const read: string[] = [];
  const learn = () => domains.forEach((domain) => known.set(domain.uuid, domain));
  if (!late) learn();
  const refresh = async ({ key }: ObjectName) => {
    read.push(key);
    learn();
  };
  const host: unknown = { id, domains: known, connect: async () => ({}), refresh };
  return { host: host as Host, read };
}

function refusal(code: number): RemoteError {
  return new RemoteError('X', { code, domain: 0, message: 'no', level: 2 });
}

suite('What is done to a domain', () => {
  const { uuid } = record();

  test('is followed by a look at it, whether it went well or not', async () => {
    const { host, read } = hostWith([record()]);
    const target = new DomainTarget(host, uuid);
    assert.equal(await changeDomain(target, {}, async ({ ref }) => ref.name), 'web');
    assert.deepEqual(read, [uuid]);
    const error = refusal(ErrorCode.OPERATION_INVALID);
    await assert.rejects(
      changeDomain(target, {}, () => Promise.reject(error)),
      error,
    );
    assert.deepEqual(read, [uuid, uuid]);
  });

  test('is done to one that was defined a moment ago as well', async () => {
    const { host } = hostWith([record()], true);
    assert.equal(await changeDomain(new DomainTarget(host, uuid), {}, async ({ ref }) => ref.uuid), uuid);
  });

  test('finds out that it is gone, by whom ever that is known', async () => {
    const gone = new DomainTarget(hostWith([]).host, uuid);
    await assert.rejects(
      changeDomain(gone, {}, async () => 'done'),
      GoneError,
    );
    const going = new DomainTarget(hostWith([record()]).host, uuid);
    const cause = refusal(ErrorCode.NO_DOMAIN);
    await assert.rejects(
      changeDomain(going, {}, () => Promise.reject(cause)),
      { name: 'GoneError', code: 'gone', message: 'It is no longer there', cause },
    );
  });
});

suite('A new name for a domain', () => {
  const other = record({ uuid: '00000000-0000-4000-8000-000000000000', name: 'db' });
  const { host } = hostWith([record(), other]);
  const target = new DomainTarget(host, record().uuid);

  test('is free, and one that libvirt takes', () => {
    const problems = ['web', 'new', ' ', 'a/b', 'db'].map((name) => nameProblem(target, name));
    assert.deepEqual(problems, [undefined, undefined, 'empty', 'slash', 'taken']);
  });
});

suite('The file for a dump', () => {
  const now = new Date('2026-01-02T03:04:05.678Z');

  test('is in the home of whoever asks, or where everybody may write on another machine', () => {
    const name = { name: '../we b' };
    const here = new DomainTarget(hostWith([record(name)]).host, record().uuid);
    assert.match(suggestedDumpPath(here, 'elf', now), /^\/.+\/\.\._we_b-2026-01-02T03-04-05\.elf$/u);
    const far = hostWith([record(name)], false, 'qemu+ssh://far/system').host;
    assert.equal(
      suggestedDumpPath(new DomainTarget(far, record().uuid), 'kdump', now),
      '/var/tmp/.._we_b-2026-01-02T03-04-05.kdump',
    );
  });
});
