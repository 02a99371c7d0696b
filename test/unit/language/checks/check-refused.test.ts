import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkDocument } from '../../../../src/language/checks/check-document.ts';
import type { Finding } from '../../../../src/language/checks/finding.ts';
import { applyEdits } from '../../../../src/language/xml/edit.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';

interface Machine {
  readonly arch?: string;
  readonly machine?: string;
  /** What `<os>` holds besides its type. */
  readonly os?: string;
  /** What stands beside `<os>`. */
  readonly beside?: string;
}

function domain(
  devices: string,
  { arch = 'x86_64', machine = 'q35', os = '', beside = '' }: Machine = {},
): string {
  return `<domain type='qemu'><name>a</name><memory unit='MiB'>64</memory>${beside}<os><type arch='${arch}' machine='${machine}'>hvm</type>${os}</os><devices>${devices}</devices></domain>`;
}

interface Refusal {
  readonly name: string;
  readonly text: string;
  /** The codes, each with the text that it is about. */
  readonly found: readonly string[];
  /** What the certain fix puts there, where there is one. */
  readonly fixed?: RegExp;
  /** What the fixes are called, when none is certain. */
  readonly ways?: readonly string[];
}

const acpi = { beside: '<features><acpi/></features>' };
const share = (rest = '') =>
  `<filesystem type='mount'${rest}><driver type='virtiofs'/><source dir='/s'/><target dir='s'/></filesystem>`;
const disk = (target: string, inner = "<source file='/a'/>", device = 'disk') =>
  `<disk type='file' device='${device}'>${inner}<target ${target}/></disk>`;
const at = (place: string) => `<address type='drive' controller='0' bus='0' target='0' ${place}/>`;
const card = (address: string) => `<interface type='user'><address type='pci' ${address}/></interface>`;
const channel = "<channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>";

const REFUSALS: readonly Refusal[] = [
  {
    name: 'virtiofs without shared memory',
    text: domain(share()),
    found: ['unshared-memory: virtiofs'],
    fixed: /<memoryBacking>\s*<source type='memfd'\/>\s*<access mode='shared'\/>\s*<\/memoryBacking>/,
  },
  {
    name: 'virtiofs over memory that is not shared yet',
    text: domain(share(), { beside: "<memoryBacking><source type='memfd'/></memoryBacking>" }),
    found: ['unshared-memory: virtiofs'],
    fixed: /<source type='memfd'\/>\s*<access mode='shared'\/>/,
  },
  {
    name: 'virtiofs with an access mode of 9p',
    text: domain(share(" accessmode='mapped'"), {
      beside: "<memoryBacking><access mode='shared'/></memoryBacking>",
    }),
    found: ['virtiofs-access: mapped'],
    fixed: /accessmode='passthrough'/,
  },
  {
    name: 'IDE on q35',
    text: domain(disk("dev='hdd' bus='ide'", undefined, 'cdrom')),
    found: ['no-ide: ide'],
    fixed: /<target dev='sda' bus='sata'\/>/,
  },
  {
    name: 'a disk on q35 whose name implies IDE',
    text: domain(`${disk("dev='sda' bus='sata'")}${disk("dev='hda'")}`),
    found: ['no-ide: hda'],
    fixed: /<target dev='sdb' bus='sata'\/>/,
  },
  {
    name: 'an IDE controller on q35',
    text: domain("<controller type='ide' index='0'/>"),
    found: ['no-ide: ide'],
  },
  {
    name: 'ACPI without UEFI on aarch64',
    text: domain('', { arch: 'aarch64', machine: 'virt', ...acpi }),
    found: ['acpi-without-uefi: acpi'],
    ways: ['Remove <acpi>', 'Set firmware to “efi”'],
  },
  {
    name: 'ACPI on a Raspberry Pi',
    text: domain('', { arch: 'aarch64', machine: 'raspi3b', ...acpi }),
    found: ['no-acpi: acpi'],
    fixed: /<features><\/features>/,
  },
  {
    name: 'UEFI without ACPI on a PC',
    text: domain('', { os: "<loader readonly='yes' type='pflash'>/a.fd</loader>" }),
    found: ['uefi-without-acpi: pflash'],
    fixed: /<features>\s*<acpi\/>\s*<\/features>/,
  },
  {
    name: 'secure boot without SMM',
    text: domain('', { os: "<loader readonly='yes' secure='yes' type='pflash'>/a.fd</loader>", ...acpi }),
    found: ['secure-boot: yes'],
    fixed: /<acpi\/>\s*<smm state='on'\/>/,
  },
  {
    name: 'spicevmc without SPICE',
    text: domain(`${channel}<redirdev bus='usb' type='spicevmc'/><graphics type='vnc'/>`),
    found: ['no-spice: spicevmc', 'no-spice: spicevmc'],
    ways: ["Add <graphics type='spice' autoport='yes'/>", 'Remove <channel>'],
  },
  {
    name: 'an empty disk on USB',
    text: domain(disk("dev='sda' bus='usb'", '')),
    found: ['empty-disk: disk'],
  },
  {
    name: 'a disk whose name implies the address of another',
    text: domain(
      disk("dev='sda' bus='sata'") + disk("dev='sdb' bus='sata'", `<source file='/b'/>${at("unit='0'")}`),
    ),
    found: [`duplicate-address: ${at("unit='0'")}`],
  },
  {
    name: 'a third IDE disk and one that is written there',
    text: domain(
      disk("dev='hdc' bus='ide'") +
        disk("dev='hdb' bus='ide'", `<source file='/b'/>${at("unit='0'").replace("bus='0'", "bus='1'")}`),
      { machine: 'pc' },
    ),
    found: [`duplicate-address: ${at("unit='0'").replace("bus='0'", "bus='1'")}`],
  },
  {
    name: 'a card where a chip of the machine is',
    text: domain(card("bus='0' slot='0x1f' function='2'")),
    found: ['pci-built-in: 0x1f'],
  },
  {
    name: 'slot 1 on a root port',
    text: domain(
      `<controller type='pci' index='0' model='pcie-root'/><controller type='pci' index='1' model='pcie-root-port'/>${card("bus='0x01' slot='0x01' function='0x0'")}`,
    ),
    found: ['pci-slot: 0x01'],
    fixed: /slot='0x00'/,
  },
  {
    name: 'slot 0 of a bridge',
    text: domain(
      `<controller type='pci' index='1' model='pci-bridge'/>${card("bus='1' slot='0' function='0'")}`,
      {
        machine: 'pc',
      },
    ),
    found: ['pci-slot: 0'],
  },
  {
    name: 'a CD-ROM on virtio',
    text: domain(disk("dev='vda' bus='virtio'", undefined, 'cdrom')),
    found: ['wrong-bus: virtio'],
  },
  {
    name: 'native I/O through the host’s cache',
    text: domain(disk("dev='vda' bus='virtio'", "<driver name='qemu' io='native'/><source file='/a'/>")),
    found: ['native-io: native'],
    fixed: /io='native' cache='none'/,
  },
  {
    name: 'an ISO image by the format iso',
    text: domain(
      disk("dev='sda' bus='sata'", "<driver name='qemu' type='iso'/><source file='/a'/>", 'cdrom'),
    ),
    found: ['disk-format: iso'],
    fixed: /type='raw'/,
  },
  {
    name: 'a read-only disk on SATA',
    text: domain(disk("dev='sda' bus='sata'", "<source file='/a'/><readonly/>")),
    found: ['readonly-disk: readonly'],
  },
  {
    name: 'a CPU that libvirt chooses and that is migratable',
    text: domain('', { beside: "<cpu mode='host-model' migratable='on'/>" }),
    found: ['cpu-migratable: on'],
    fixed: /<cpu mode='host-model'\/>/,
  },
  {
    name: 'memory to plug in without a NUMA node',
    text: domain('', { beside: "<maxMemory slots='4' unit='MiB'>128</maxMemory>" }),
    found: ['memory-hotplug: maxMemory'],
  },
  {
    name: 'a second balloon',
    text: domain("<memballoon model='virtio'/><memballoon model='none'/>"),
    found: ['second-device: memballoon'],
  },
  {
    name: 'a group’s MAC address',
    text: domain("<interface type='user'><mac address='53:54:00:00:00:01'/></interface>"),
    found: ['group-mac: 53:54:00:00:00:01'],
  },
  {
    name: 'a PS/2 keyboard on Arm',
    text: domain("<input type='keyboard' bus='ps2'/>", { arch: 'aarch64', machine: 'virt' }),
    found: ['no-ps2: ps2'],
    fixed: /bus='virtio'/,
  },
  {
    name: 'a picture of a mediated device that nobody shows',
    text: domain(
      "<hostdev mode='subsystem' type='mdev' model='vfio-pci' display='on'><source><address uuid='5bfcd486-c5eb-43e4-a5ee-973666900001'/></source></hostdev>",
    ),
    found: ['no-display: on'],
  },
  {
    name: 'a slash in a name',
    text: domain('').replace('>a<', '>a/b<'),
    found: ['name: a/b'],
    ways: ['Change to “a-b”'],
  },
  {
    name: 'a name over two lines',
    text: '<network><name>a\nb</name></network>',
    found: ['name: a\nb'],
    ways: ['Change to “a b”'],
  },
];

const NETWORKS: readonly Refusal[] = [
  {
    name: 'a MAC address in a bridge network',
    text: "<network><name>a</name><forward mode='bridge'/><bridge name='br0'/><mac address='52:54:00:11:22:33'/></network>",
    found: ['network-mode: mac'],
    ways: ['Remove <mac>'],
  },
  {
    name: 'NAT in a bridge network',
    text: "<network><name>a</name><forward mode='bridge'><nat/></forward><bridge name='br0'/></network>",
    found: ['network-mode: nat'],
    ways: ['Remove <nat>'],
  },
  {
    name: 'NAT without an address',
    text: "<network><name>a</name><forward mode='nat'/></network>",
    found: ['no-ip: forward'],
  },
  {
    name: 'a bridge whose name is too long',
    text: "<network><name>a</name><bridge name='ci-vm_network-br'/></network>",
    found: ['long-name: ci-vm_network-br'],
  },
  {
    name: 'devices for guests by their names',
    text: "<network><name>a</name><forward mode='hostdev' managed='yes'><interface dev='enp3s0f0'/></forward></network>",
    found: ['device-by-name: enp3s0f0'],
    ways: ['Change to <pf>'],
  },
  {
    name: 'a range outside of the network, and one that is reversed',
    text: "<network><name>a</name><ip address='10.0.0.1' netmask='255.255.255.0'><dhcp><range start='10.0.1.2' end='10.0.1.9'/><range start='10.0.0.9' end='10.0.0.2'/></dhcp></ip></network>",
    found: ['dhcp-range: 10.0.1.2', 'dhcp-range: 10.0.1.9', 'dhcp-range: 10.0.0.2'],
  },
  {
    name: 'two default port groups',
    text: "<network><name>a</name><portgroup name='a' default='yes'/><portgroup name='b' default='yes'/></network>",
    found: ['duplicate-portgroup: yes'],
  },
];

function found(text: string): readonly Finding[] {
  return checkDocument(parseDocument(text));
}

suite('What libvirt refuses and a schema allows', () => {
  for (const { name, text, found: expected, fixed, ways } of [...REFUSALS, ...NETWORKS]) {
    test(name, () => {
      const findings = found(text);
      assert.deepEqual(
        findings.map(({ code, start, end }) => `${code}: ${text.slice(start, end)}`),
        expected,
      );
      const [first] = findings;
      const fixes = first?.fixes ?? [];
      if (ways !== undefined)
        assert.deepEqual(
          fixes.map(({ title }) => title),
          ways,
        );
      const certain = fixes.filter(({ preferred }) => preferred);
      assert.equal(certain.length, fixed === undefined ? 0 : 1, 'a fix is preferred where it is certain');
      for (const { edits } of fixes) {
        const after = applyEdits(text, edits);
        assert.ok(found(after).length < findings.length, `better than before: ${after}`);
        if (fixed !== undefined) assert.match(after, fixed);
      }
    });
  }
});

const ACCEPTED: Readonly<Record<string, string>> = {
  'shared memory of every node': domain(share(), {
    beside: "<cpu><numa><cell id='0' cpus='0' memory='65536' unit='KiB' memAccess='shared'/></numa></cpu>",
  }),
  'IDE on the older PC': domain(disk("dev='hda' bus='ide'"), { machine: 'pc' }),
  'ACPI with UEFI on aarch64': domain('', {
    arch: 'aarch64',
    machine: 'virt',
    os: "<loader readonly='yes' type='pflash'>/a.fd</loader>",
    ...acpi,
  }),
  'a channel over SPICE': domain(`${channel}<graphics type='spice'/>`),
  'an empty CD-ROM drive': domain(disk("dev='sda' bus='sata'", '', 'cdrom')),
  'disks of the same letter on two buses': domain(disk("dev='sdb' bus='sata'") + disk("dev='sdc' bus='usb'")),
  'q35’s own SATA controller where it is': domain(
    "<controller type='sata' index='0'><address type='pci' bus='0' slot='0x1f' function='2'/></controller>",
  ),
  'one MAC address on two networks': domain(
    "<interface type='user'><mac address='52:54:00:00:00:01'/></interface><interface type='user'><mac address='52:54:00:00:00:01'/></interface>",
  ),
  'a network of the host’s bridge':
    "<network><name>a</name><forward mode='bridge'/><bridge name='br0'/></network>",
  'a range up to the last address':
    "<network><name>a</name><ip address='10.0.0.1' prefix='24'><dhcp><range start='10.0.0.2' end='10.0.0.254'/></dhcp></ip></network>",
};

suite('What libvirt accepts', () => {
  for (const [name, text] of Object.entries(ACCEPTED))
    test(name, () => {
      assert.deepEqual(found(text), []);
    });
});
