import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { kindOfDocument } from '../../../../src/language/schema/document-kind.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';

function kind(text: string) {
  return kindOfDocument(parseDocument(text));
}

suite('The root of a document', () => {
  test('tells libvirt’s documents from others', () => {
    assert.equal(kind("<domain type='kvm'/>"), 'domain');
    assert.equal(kind('<network><name>x</name></network>'), 'network');
    assert.equal(kind('<interface>'), 'interface');
    assert.equal(kind("<interface><requires lib='gtk'/></interface>"), undefined);
    assert.equal(kind('<project/>'), undefined);
    assert.equal(kind("<domain xmlns='urn:other'><name/></domain>"), undefined);
    assert.equal(kindOfDocument(parseDocument('<domian/>'), 'domain'), 'domain');
  });

  test('tells the devices that virsh attaches, one to a file', () => {
    const devices = [
      "<disk type='file' device='disk'><source file='/a'/><target dev='vdb'/></disk>",
      "<hostdev mode='subsystem' type='usb'><source/></hostdev>",
      "<interface type='bridge'><source bridge='br0'/><model type='virtio'/></interface>",
      "<interface type='network'><source network='default'/><link state='down'/><mtu size='1400'/></interface>",
      "<interface type='network'><vlan><tag id='1'/></vlan></interface>",
      "<input type='tablet' bus='usb'/>",
      "<memory model='dimm'><target/></memory>",
    ];
    for (const text of devices) assert.equal(kind(text), 'device', text);
  });

  test('tells a host’s interfaces from a domain’s, and others’ XML from both', () => {
    assert.equal(
      kind("<interface type='bridge' name='br0'><start mode='onboot'/><mtu size='1400'/></interface>"),
      'interface',
    );
    assert.equal(
      kind("<interface type='bridge'><bridge><interface type='ethernet' name='a'/></bridge></interface>"),
      'interface',
    );
    for (const text of [
      "<input type='text' name='q'/>",
      "<video src='a.mp4'/>",
      '<channel><title>News</title></channel>',
      '<disk/>',
    ])
      assert.equal(kind(text), undefined, text);
  });
});
