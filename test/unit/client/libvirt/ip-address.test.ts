import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isAddress, leadsToOther } from '../../../../src/client/libvirt/ip-address.ts';

suite('An address that a guest or a daemon tells', () => {
  for (const text of [
    '10.0.0.5\n',
    '10.0.0.5 x',
    '10.0.0.5\0',
    '010.0.0.5x',
    'localhost',
    '-o',
    '',
    'fe80::1%h',
    '::1%a\nb',
  ])
    test(`${JSON.stringify(text)} is none`, () => assert.ok(!isAddress(text)));

  const home = [
    '127.0.0.1',
    '127.8.8.8',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0.0.0.0',
    '::',
  ];
  for (const text of [...home, '169.254.1.1', 'FE80::1', '224.0.0.1', '255.255.255.255', 'ff02::1'])
    test(`${text} leads to no other machine`, () => {
      assert.ok(isAddress(text));
      assert.ok(!leadsToOther(text));
    });

  for (const text of ['10.0.0.5', '192.168.122.7', '2001:db8::1', 'fd00::5', '::ffff:10.0.0.5'])
    test(`${text} does`, () => assert.ok(leadsToOther(text)));
});
