import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { outlineName } from '../../../../../src/workbench/editor/language/outline-names.ts';
import { parseDocument } from '../../../../../src/language/xml/parse.ts';

suite('The names in the outline', () => {
  for (const [xml, name] of [
    ["<disk><target dev='vda'/></disk>", 'vda'],
    ["<interface type='user'><mac address='52:54:00:01:02:03'/></interface>", '52:54:00:01:02:03'],
    ["<interface type='user'/>", 'user'],
    ["<controller type='usb' index='0'/>", 'usb 0'],
    [
      "<hostdev type='pci'><source><address domain='0x0000' bus='0x01' slot='0x00' function='0x1'/></source></hostdev>",
      'pci 0000:01:00.1',
    ],
    ['<memory>1024</memory>', '1024'],
    ['<domain><name>web</name></domain>', 'web'],
    ['<devices/>', ''],
  ] as const)
    test(`${xml} is called “${name}”`, () => {
      const { root } = parseDocument(xml);
      assert.ok(root);
      assert.equal(outlineName(root), name);
    });
});
