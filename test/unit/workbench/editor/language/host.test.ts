import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkAgainstHost } from '../../../../../src/language/checks/check-against-host.ts';
import { machineOf } from '../../../../../src/language/checks/domain-machine.ts';
import type { HostOffer } from '../../../../../src/language/checks/host-offer.ts';
import { readGuestCapabilities } from '../../../../../src/model/inventory/facts/capabilities.ts';
import { readDomainCapabilities } from '../../../../../src/model/inventory/facts/domain-capabilities.ts';
import { valuesFor } from '../../../../../src/workbench/editor/language/host/values-for.ts';
import { parseDocument } from '../../../../../src/language/xml/parse.ts';

const GUESTS = readGuestCapabilities(`<capabilities><guest><os_type>hvm</os_type><arch name='x86_64'>
  <emulator>/usr/bin/qemu-system-x86_64</emulator>
  <machine canonical='pc-q35-7.2' maxCpus='288'>q35</machine><machine maxCpus='255'>pc</machine>
  <domain type='qemu'/></arch></guest></capabilities>`);

const DOMAIN = readDomainCapabilities(`<domainCapabilities><vcpu max='16'/>
  <os><loader><value>/usr/share/OVMF.fd</value></loader></os>
  <cpu><mode name='host-passthrough' supported='no'/>
    <mode name='custom' supported='yes'><model usable='yes'>qemu64</model><model usable='no'>EPYC</model></mode></cpu>
  <devices><disk supported='yes'><enum name='bus'><value>sata</value><value>virtio</value></enum></disk>
    <tpm supported='no'/></devices></domainCapabilities>`);

const FACTS: HostOffer = {
  networks: [
    { name: 'default', uuid: 'n1', active: true, bridge: 'virbr0', portGroups: ['fast'] },
    { name: 'off', uuid: 'n2', active: false, bridge: undefined, portGroups: [] },
  ],
  pools: [
    {
      name: 'images',
      uuid: 'p1',
      active: true,
      folder: '/images',
      volumes: [{ name: 'a.qcow2', path: '/images/a.qcow2' }],
    },
  ],
  interfaces: ['eth0', 'br0'],
  secrets: [{ uuid: 's1', usage: 'ceph' }],
  filters: ['clean-traffic'],
  devices: [
    { label: 'A card', pci: { domain: '0x0000', bus: '0x01', slot: '0x00', function: '0x0' } },
    { label: 'B card', pci: { domain: '0x0000', bus: '0x02', slot: '0x1f', function: '0x0' } },
    { label: 'A stick', usb: { vendor: '0x1234', product: '0x5678' } },
  ],
  guests: GUESTS,
};

function rootOf(xml: string) {
  const { root } = parseDocument(xml);
  assert.ok(root);
  return root;
}

function warnings(xml: string): string[] {
  const root = rootOf(xml);
  return checkAgainstHost(root, 'lab', FACTS, machineOf(root, FACTS), DOMAIN).map(({ message }) => message);
}

/** The values at the attribute (or, with none, the text) of the last element of that name. */
function values(xml: string, name: string, attribute?: string): string[] {
  const { root, elements } = parseDocument(xml);
  const element = elements.findLast(({ key }) => key === name);
  assert.ok(root && element);
  return valuesFor({ root, element, attribute }, FACTS, DOMAIN).map(({ value }) => value);
}

const inDevice = (device: string) => `<domain type='qemu'><devices>${device}</devices></domain>`;

suite('What a host cannot do', () => {
  test('is nothing where it has it all', () => {
    assert.deepEqual(
      warnings(`<domain type='qemu'><vcpu>2</vcpu><os><type arch='x86_64' machine='q35'>hvm</type></os>
        <cpu mode='custom'><model>qemu64</model></cpu>
        <devices><interface><source network='default'/></interface>
        <disk><source file='/images/a.qcow2'/><target dev='sda' bus='sata'/></disk>
        <disk><source file='/elsewhere/b'/></disk></devices></domain>`),
      [],
    );
  });

  test('is told with what it has instead', () => {
    assert.deepEqual(
      warnings(`<domain type='kvm'><vcpu>17</vcpu><os><type arch='x86_64' machine='virt'>hvm</type></os>
        <cpu><model>EPYC</model></cpu><devices>
        <interface><source network='no'/></interface><interface><source network='off'/></interface>
        <disk><source pool='images' volume='b'/></disk><disk><source pool='nowhere'/></disk>
        <disk><source file='/images/b.qcow2'/><target dev='a' bus='ide'/></disk><tpm/></devices></domain>`),
      [
        'lab cannot run x86_64 domains of type kvm. Only qemu is available.',
        'The vCPU limit of the machine virt on lab is 16.',
        'lab has no machine “virt” for x86_64. Available: q35, pc.',
        'lab lacks features of the CPU model EPYC. Only qemu64 is available.',
        'lab has no network “no”. Available: default, off.',
        'The network “off” on lab is not active: the domain would not start.',
        'The storage pool “images” has no volume “b”. Only a.qcow2 is available.',
        'lab has no storage pool “nowhere”. Only images is available.',
        'There is no file “b.qcow2” in the storage pool “images” (/images) on lab.',
        'lab has no <disk> with bus “ide” for this machine. Available: sata, virtio.',
        'lab has no <tpm> devices for this machine and type of domain.',
      ],
    );
  });

  test('is asked of the host’s own architecture where a domain names none', () => {
    const guest = (arch: string, machine: string) =>
      `<guest><arch name='${arch}'><machine>${machine}</machine><domain type='qemu'/></arch></guest>`;
    const guests = readGuestCapabilities(
      `<capabilities><host><cpu><arch>x86_64</arch></cpu></host>${guest('alpha', 'clipper')}${guest('x86_64', 'pc')}</capabilities>`,
    );
    const root = rootOf("<domain type='qemu'><os><type machine='pc'>hvm</type></os></domain>");
    const facts = { ...FACTS, guests };
    assert.deepEqual(checkAgainstHost(root, 'lab', facts, machineOf(root, facts), undefined), []);
  });

  test('an architecture and a CPU mode', () => {
    assert.deepEqual(
      warnings("<domain type='qemu'><os><type arch='s390x'/></os><cpu mode='host-passthrough'/></domain>"),
      [
        'lab cannot run s390x domains. Only x86_64 is available.',
        'lab does not support the CPU mode host-passthrough here. Only custom is available.',
      ],
    );
  });
});

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
