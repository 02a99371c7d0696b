import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkDomain } from '../../../src/editor/language/checks/check-domain.ts';
import { parseDocument } from '../../../src/xml/parse.ts';

/** What is found, each with the text that it is about. */
function found(inside: string): string[] {
  const document = parseDocument(`<domain type='kvm'>${inside}</domain>`);
  return checkDomain(document).map(({ code, start, end }) => `${code}: ${document.text.slice(start, end)}`);
}

const disk = (dev: string, rest = '') => `<disk><target dev='${dev}' bus='sata'/>${rest}</disk>`;

const at = (slot: string) => `<sound><address type='pci' bus='0x00' slot='${slot}' function='0x0'/></sound>`;

suite('What a schema cannot say of a domain', () => {
  test('nothing is wrong with an ordinary one', () => {
    assert.deepEqual(
      found(
        `<memory unit='GiB'>1</memory><currentMemory>1048576</currentMemory><devices>${disk('sda')}${disk('sdb')}</devices>`,
      ),
      [],
    );
  });

  test('a target, a MAC address, a boot order twice', () => {
    const card = "<interface><mac address='52:54:00:AA:00:01'/><boot order='1'/></interface>";
    assert.deepEqual(
      found(
        `<devices>${disk('sda', "<boot order='1'/>")}${disk('sda')}${card}${card.toLowerCase()}</devices>`,
      ),
      [
        'duplicate-target: sda',
        'duplicate-boot-order: 1',
        'duplicate-mac: 52:54:00:aa:00:01',
        'duplicate-boot-order: 1',
      ],
    );
  });

  test('an address twice, however its numbers are written', () => {
    assert.deepEqual(found(`<devices>${at('0x0a')}${at('10')}</devices>`), [
      "duplicate-address: <address type='pci' bus='0x00' slot='10' function='0x0'/>",
    ]);
  });

  test('the companions of a USB controller share its index', () => {
    assert.deepEqual(
      found(
        "<devices><controller type='usb' index='0' model='ich9-ehci1'/><controller type='usb' index='0' model='ich9-uhci1'><master startport='0'/></controller></devices>",
      ),
      [],
    );
    assert.deepEqual(
      found("<devices><controller type='scsi' index='0'/><controller type='scsi' index='0'/></devices>"),
      ['duplicate-controller: 0'],
    );
  });

  test('a controller that nothing provides', () => {
    const address = "<address type='drive' controller='2' bus='0' target='0' unit='0'/>";
    assert.deepEqual(found(`<devices>${disk('sda', address)}</devices>`), ['no-controller: 2']);
    assert.deepEqual(
      found(`<devices><controller type='sata' index='2'/>${disk('sda', address)}</devices>`),
      [],
    );
  });

  test('more now than there is at most', () => {
    assert.deepEqual(found("<memory unit='MiB'>512</memory><currentMemory unit='GiB'>1</currentMemory>"), [
      'current-memory: 1',
    ]);
    assert.deepEqual(found("<vcpu current='4'>2</vcpu>"), ['current-vcpus: 4']);
  });
});
