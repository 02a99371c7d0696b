import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DomainTarget } from '../../../../src/model/inventory/domain-target.ts';
import type { Host } from '../../../../src/model/inventory/host.ts';
import { record } from '../../support/records.ts';

suite('What a domain is called', () => {
  const web = record();

  test('stays known when it is gone', () => {
    const domains = new Map([[web.uuid, web]]);
    const target = new DomainTarget({ domains } as unknown as Host, web.uuid);
    assert.equal(target.name, 'web');
    domains.set(web.uuid, record({ name: 'renamed' }));
    assert.equal(target.record?.name, 'renamed');
    domains.clear();
    assert.equal(target.name, 'renamed');
  });

  test('is what whoever made it calls it before its host has told', () => {
    const host = { domains: new Map() } as unknown as Host;
    assert.equal(new DomainTarget(host, web.uuid, 'boot-tiny').name, 'boot-tiny');
    assert.equal(new DomainTarget(host, web.uuid).name, web.uuid, 'when nobody knows');
  });
});
