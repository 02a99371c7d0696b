import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { valuesFor } from '../../../../../../src/workbench/editor/language/host/values-for.ts';
import { parseDocument } from '../../../../../../src/language/xml/parse.ts';
import { DOMAIN, FACTS } from '../../../../support/host-offer.ts';

/** The values at the attribute (or, with none, the text) of the last element of that name. */
function values(xml: string, name: string, attribute?: string): string[] {
  const { root, elements } = parseDocument(xml);
  const element = elements.findLast(({ key }) => key === name);
  assert.ok(root && element);
  return valuesFor({ root, element, attribute }, FACTS, DOMAIN).map(({ value }) => value);
}

const inDevice = (device: string) => `<domain type='qemu'><devices>${device}</devices></domain>`;

suite('What a host has to offer', () => {
  test('networks, port groups and bridges', () => {
    const xml = inDevice("<interface><source network='default' bridge='' portgroup=''/></interface>");
    assert.deepEqual(values(xml, 'source', 'network'), ['default', 'off']);
    assert.deepEqual(values(xml, 'source', 'portgroup'), ['fast']);
    assert.deepEqual(values(xml, 'source', 'bridge'), ['virbr0', 'br0']);
  });

  test('pools, their volumes, and files', () => {
    const xml = inDevice("<disk><source pool='images' volume='' file=''/></disk>");
    assert.deepEqual(values(xml, 'source', 'pool'), ['images']);
    assert.deepEqual(values(xml, 'source', 'volume'), ['a.qcow2']);
    assert.deepEqual(values(xml, 'source', 'file'), ['/images/a.qcow2']);
  });

  test('machines, CPU models and firmware', () => {
    const xml = "<domain><os><type machine=''/><loader/></os><cpu><model></model></cpu></domain>";
    assert.deepEqual(values(xml, 'type', 'machine'), ['q35', 'pc']);
    assert.deepEqual(values(xml, 'model'), ['qemu64', 'EPYC']);
    assert.deepEqual(values(xml, 'loader'), ['/usr/share/OVMF.fd']);
  });

  test('host devices, part by part', () => {
    const xml = inDevice("<hostdev><source><address domain='0' bus='0x02' slot=''/></source></hostdev>");
    assert.deepEqual(values(xml, 'address', 'bus'), ['0x01', '0x02']);
    assert.deepEqual(values(xml, 'address', 'slot'), ['0x1f']);
    assert.deepEqual(
      values(inDevice("<hostdev><source><vendor id=''/></source></hostdev>"), 'vendor', 'id'),
      ['0x1234'],
    );
  });

  test('secrets and filters', () => {
    assert.deepEqual(values(inDevice("<disk><auth><secret uuid=''/></auth></disk>"), 'secret', 'uuid'), [
      's1',
    ]);
    assert.deepEqual(
      values(inDevice("<interface><filterref filter=''/></interface>"), 'filterref', 'filter'),
      ['clean-traffic'],
    );
  });
});
