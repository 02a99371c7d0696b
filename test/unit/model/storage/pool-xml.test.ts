import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { suite, test } from 'node:test';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { POOL_TYPES, type PoolPart, poolTypeFacts } from '../../../../src/model/storage/pool-types.ts';
import { type PoolPlan, poolXml, splitHost } from '../../../../src/model/storage/pool-xml.ts';
import { relaxngFolder, SchemaSet } from '../../../../src/language/schema/schema-set.ts';
import { validate } from '../../../../src/language/schema/validate.ts';
import { installedSchemas } from '../../../../scripts/lib/compile-schemas.ts';

const UUID = '5b1a62a0-7d0b-4c5e-9d7c-0d6a4d2b8f11';
const PARTS: Readonly<Record<PoolPart, Partial<PoolPlan>>> = {
  hosts: { hosts: ['store.example:6789'] },
  device: { device: '/dev/disk/by-id/one' },
  devices: { devices: ['/dev/sdb', '/dev/sdc'] },
  target: { target: 'iqn.2026-01.example:disks' },
  directory: { directory: '/export' },
  sourceName: { sourceName: 'name' },
  adapter: { adapter: 'scsi_host0' },
  initiator: { initiator: 'iqn.2026-01.example:us' },
  format: {},
  auth: { auth: { user: 'libvirt', secret: UUID } },
  path: { path: '/var/lib/libvirt/pool' },
};

const options = existsSync(installedSchemas) ? {} : { skip: 'libvirt’s schemas are not installed' };

suite('The XML of a new pool', options, () => {
  const schemas = new SchemaSet(relaxngFolder(installedSchemas));
  for (const type of POOL_TYPES)
    for (const all of [false, true])
      test(`of type ${type} is what libvirt's schema allows, with ${all ? 'all it may have' : 'the least'}`, () => {
        const { needs, may } = poolTypeFacts(type);
        const parts = [...needs, ...(all ? may : [])].map((part) => PARTS[part]);
        const xml = poolXml({ name: 'new <pool>', uuid: UUID, type, ...Object.assign({}, ...parts) });
        const mistakes = validate(parseDocument(xml), schemas.get('storagepool'));
        assert.deepEqual(
          mistakes.map(({ message }) => message),
          [],
          xml,
        );
      });

  test('tells a port from an IPv6 address', () => {
    assert.deepEqual(splitHost('store:3260'), { name: 'store', port: '3260' });
    assert.deepEqual(splitHost('[::1]:3260'), { name: '::1', port: '3260' });
    assert.deepEqual(splitHost('::1'), { name: '::1', port: undefined });
  });
});
