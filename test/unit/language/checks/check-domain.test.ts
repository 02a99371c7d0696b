import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkDomain } from '../../../../src/language/checks/check-domain.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';

/** What is found, each with the text that it is about. */
function found(inside: string): string[] {
  const document = parseDocument(`<domain type='kvm'>${inside}</domain>`);
  return checkDomain(document).map(({ code, start, end }) => `${code}: ${document.text.slice(start, end)}`);
}

const disk = (dev: string, rest = '') =>
  `<disk><source file='/a'/><target dev='${dev}' bus='sata'/>${rest}</disk>`;

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

  test('is found in the domain that a snapshot keeps, too', () => {
    const inner = `<domain><devices>${disk('sda')}${disk('sda')}</devices></domain>`;
    const document = parseDocument(`<domainsnapshot><name>s</name>${inner}</domainsnapshot>`);
    assert.deepEqual(
      checkDomain(document).map(({ code }) => code),
      ['duplicate-target'],
    );
  });

  test('a target, a MAC address, a boot order twice', () => {
    const card =
      "<interface><mac address='52:54:00:AA:00:01'/><source network='a'/><boot order='1'/></interface>";
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

  test('a USB controller that nothing provides, since libvirt adds only the first', () => {
    const tablet = (bus: string) =>
      `<input type='tablet' bus='usb'><address type='usb' bus='${bus}' port='1'/></input>`;
    const controller = (index: string) => `<controller type='usb' index='${index}'/>`;
    assert.deepEqual(found(`<devices>${tablet('0')}</devices>`), []);
    assert.deepEqual(found(`<devices>${tablet('1')}</devices>`), ['no-controller: 1']);
    assert.deepEqual(found(`<devices>${controller('1')}${tablet('1')}</devices>`), []);
    assert.deepEqual(found(`<devices><controller type='usb'/>${tablet('1')}</devices>`), []);
  });

  test('a device on USB that is switched off', () => {
    assert.deepEqual(
      found(
        "<devices><controller type='usb' model='none'/><input type='tablet' bus='usb'/><input type='mouse' bus='ps2'/></devices>",
      ),
      ['no-controller: usb'],
    );
  });

  test('a second IDE controller, which QEMU has not; SATA controllers are added as they are wanted', () => {
    const address = "<address type='drive' controller='2' bus='0' target='0' unit='0'/>";
    assert.deepEqual(found(`<devices>${disk('hda', address).replace('sata', 'ide')}</devices>`), [
      'no-controller: 2',
    ]);
    assert.deepEqual(found(`<devices>${disk('sda', address)}</devices>`), []);
  });

  test('what only seems to be there twice', () => {
    const card = "<interface><mac address='52:54:00:00:00:01'/><teaming type='persistent'/></interface>";
    const serial = at('4').replaceAll('sound', 'serial');
    const console_ = `<console><target type='serial'/>${at('4').replace('<sound>', '').replace('</sound>', '')}</console>`;
    assert.deepEqual(found(`<devices>${card}${card}${serial}${console_}${at('0')}${at('0')}</devices>`), []);
  });

  test('an alias, a CPU feature twice', () => {
    const sound = "<sound><alias name='ua-a'/></sound>";
    assert.deepEqual(
      found(
        `<cpu mode='maximum'><feature name='vmx'/><feature name='vmx'/></cpu><devices>${sound}${sound}</devices>`,
      ),
      ['duplicate-feature: vmx', 'duplicate-alias: ua-a'],
    );
  });

  test('a CPU topology of another size, and an I/O thread that there is not', () => {
    const topology = "<topology sockets='1' cores='2' threads='2'/>";
    assert.deepEqual(found(`<vcpu>4</vcpu><cpu>${topology}</cpu>`), []);
    assert.deepEqual(found(`<vcpu>2</vcpu><cpu>${topology}</cpu>`), [`cpu-topology: ${topology}`]);
    const driver = (thread: number) =>
      `<devices><controller><driver iothread='${thread}'/></controller></devices>`;
    assert.deepEqual(found(`<iothreads>2</iothreads>${driver(2)}`), []);
    assert.deepEqual(found(`<iothreads>2</iothreads>${driver(3)}`), ['no-iothread: 3']);
    assert.deepEqual(
      found(`<iothreads>1</iothreads><iothreadids><iothread id='7'/></iothreadids>${driver(7)}`),
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
