import type { HostOffer } from '../../../src/language/checks/host-offer.ts';
import { readGuestCapabilities } from '../../../src/model/inventory/facts/capabilities.ts';
import { readDomainCapabilities } from '../../../src/model/inventory/facts/domain-capabilities.ts';

const GUESTS = readGuestCapabilities(`<capabilities><guest><os_type>hvm</os_type><arch name='x86_64'>
  <emulator>/usr/bin/qemu-system-x86_64</emulator>
  <machine canonical='pc-q35-7.2' maxCpus='288'>q35</machine><machine maxCpus='255'>pc</machine>
  <domain type='qemu'/></arch></guest></capabilities>`);

export const DOMAIN = readDomainCapabilities(`<domainCapabilities><vcpu max='16'/>
  <os><loader><value>/usr/share/OVMF.fd</value></loader></os>
  <cpu><mode name='host-passthrough' supported='no'/>
    <mode name='custom' supported='yes'><model usable='yes'>qemu64</model><model usable='no'>EPYC</model></mode></cpu>
  <devices><disk supported='yes'><enum name='bus'><value>sata</value><value>virtio</value></enum></disk>
    <tpm supported='no'/></devices></domainCapabilities>`);

export const FACTS: HostOffer = {
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
