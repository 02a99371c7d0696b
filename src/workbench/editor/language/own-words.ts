import type { DocumentedPlace } from './documented-place.ts';

/** What we say ourselves of a place of which libvirt's documentation says nothing. */
export interface OwnWords {
  /** Words in typewriter type stand between backticks. */
  readonly text: string;
  readonly since?: string;
  readonly default?: string;
}

type Words = string | OwnWords;

/** An address on a bus; which attributes there are depends on its type. */
const ADDRESSES: Readonly<Record<string, Words>> = {
  address: 'Where the guest sees the device. libvirt fills it in and keeps it, so that it stays the same.',
  'address@type':
    'The kind of bus: `pci`, `drive`, `usb`, `virtio-serial`, `ccw`, `spapr-vio`, `isa`, `dimm`.',
  'address@domain': { text: 'The PCI domain, which is 0 on most machines.', default: '0x0000' },
  'address@bus':
    'The bus. For PCI the number of a PCI controller (its `index`), for USB that of a USB controller, for a drive the bus of its controller.',
  'address@slot': 'The slot of the PCI bus, 0x00 to 0x1f; for a memory device the slot it is plugged into.',
  'address@function': 'The function of the PCI slot, 0x0 to 0x7: several devices can share a slot.',
  'address@multifunction':
    '`on` for the function 0 of a PCI slot whose other functions are used, too. Without it the guest does not look for them.',
  'address@controller': 'The `index` of the controller that the device is attached to.',
  'address@target': 'The SCSI target on the bus of its controller.',
  'address@unit': 'The unit: the LUN of a SCSI disk, or the place on an IDE, SATA or floppy controller.',
  'address@port': 'The port of the bus; on USB behind hubs several with dots between them, such as `1.2`.',
  'address@cssid': 'The channel subsystem of an s390 guest; virtio devices have `0xfe`.',
  'address@ssid': 'The subchannel set of an s390 guest, 0 to 3.',
  'address@devno': 'The number of the device in an s390 guest, which has to be unique.',
  'address@reg': 'The register at which a PowerPC guest finds the device.',
  'address@iobase': 'The I/O port at which the ISA device answers.',
  'address@irq': 'The interrupt of the ISA device.',
  'address@base': 'The guest’s physical address of the memory.',
  'address/zpci': 'How an s390 guest sees the PCI device.',
  'zpci@uid': 'A number for the PCI device that is unique in an s390 guest.',
  'zpci@fid': 'The function’s number in an s390 guest.',
  'source/address@uuid': 'The UUID of the mediated device on the host.',
};

/** Character devices: what is behind serial ports, consoles, channels. */
const CHARACTER_DEVICES: Readonly<Record<string, Words>> = {
  'serial@type':
    'What the port is connected to on the host: `pty` (a terminal, which consoles open), `unix`, `tcp`, `udp`, `file`, `dev`, `null`…',
  'console@type':
    'What the console is connected to on the host: `pty` (a terminal, which consoles open), `unix`, `tcp`, `file`, `null`…',
  'channel@type':
    'What the channel is connected to on the host: `unix` for the guest agent, `spicevmc` for SPICE, `pty`…',
  'parallel@type': 'What the port is connected to on the host: `pty`, `dev`, `file`, `unix`, `tcp`…',
  'serial/target@port': 'The number of the port in the guest: 0 is the first.',
  'console/target@port': 'The number of the console in the guest: 0 is the first.',
  'serial/target@type': 'The bus of the port: `isa-serial`, `pci-serial`, `usb-serial`, `system-serial`…',
  'serial/target/model@name': 'The hardware that the port is made as, such as `isa-serial` or `pl011`.',
  'channel/target@name':
    'What the guest calls the channel, below /dev/virtio-ports. The guest agent listens at `org.qemu.guest_agent.0`.',
  'source@mode': '`bind` listens on the host; `connect` goes to somebody who does.',
  'serial/source@path': 'The terminal, file or socket on the host.',
  'console/source@path': 'The terminal, file or socket on the host.',
  'channel/source@path': 'The socket or file on the host. libvirt makes one up where it is left out.',
  'source@service': 'The port, by its number or name.',
  'serial/source@host': 'The host to connect to, or the address to listen at.',
  'console/source@host': 'The host to connect to, or the address to listen at.',
  'channel/source@host': 'The host to connect to, or the address to listen at.',
  'serial/protocol': 'What is spoken over a `tcp` connection.',
  'protocol@type': '`raw` sends the bytes as they are, `telnet` wraps them, `tls` encrypts them.',
};

const DOMAIN: Readonly<Record<string, Words>> = {
  'domain/os': 'How the guest starts: the machine it is, its firmware or kernel, and what it boots from.',
  'interface@type':
    'What the interface is connected to: `network` (one that libvirt manages), `bridge`, `direct` (a host interface, by macvtap), `user` (no privileges needed), `hostdev` (a PCI function of the host), `ethernet`, `vhostuser`, `vdpa`…',
  'interface@managed':
    '`no` where the tap device exists already and libvirt shall neither make nor remove it.',
  'interface/mac@address':
    'The hardware address. libvirt makes one up where there is none: `52:54:00:` and three more.',
  'interface/mac@type': '`static` keeps an address that VMware would give out itself.',
  'interface/source@network': 'The name of a network that libvirt manages.',
  'interface/source@bridge': 'The name of a bridge on the host, such as `br0`, which has to be there.',
  'interface/source@portgroup': 'The group of ports of the network, with its own bandwidth and VLAN.',
  'interface/script':
    'A program on the host that sets the interface up, for Xen and for the type `ethernet`.',
  'interface/virtualport@type':
    'How the switch is told of the port: `802.1Qbg`, `802.1Qbh`, `openvswitch`, `midonet`.',
  'interface/filterref':
    'The network filter that the interface’s packets pass, with values for its variables.',
  'interface/filterref@filter': 'The name of a network filter of the host, such as `clean-traffic`.',
  'filterref/parameter': 'A value for one of the filter’s variables.',
  'filterref/parameter@name': 'The variable, such as `IP`.',
  'filterref/parameter@value': 'Its value. For several, there are several parameters of one name.',
  'video/model@primary': '`yes` for the card that the guest starts with.',
  'controller/model': 'The hardware that the controller is made as.',
  'controller/model@name':
    'The hardware that the controller is made as, such as `pcie-root-port`. libvirt fills it in.',
  'controller/target@index': 'The number of a PowerPC host bridge, 0 being the one that is always there.',
  'controller/target@chassis': 'The chassis of a PCIe port, which the guest sees and which has to be unique.',
  'controller/target@chassisNr': 'The chassis of a PCI bridge, which the guest sees.',
  'controller/target@port': 'The port’s number in its chassis, which the guest sees.',
  'controller/target@busNr': 'The bus that the expander begins at: what is behind it has higher numbers.',
  'controller/master@startport': 'The first port of a USB controller that works together with another.',
  alias: 'The device’s name in QEMU. libvirt makes one up, unless it begins with `ua-`.',
  'alias@name': 'The name; one that you choose has to begin with `ua-`.',
  'numa/cell@memory': 'The memory of this node, in KiB unless `unit` says otherwise.',
  'filesystem/target@dir':
    'What the guest mounts it by: a tag, and not a path, for 9p and virtiofs; in containers the path.',
  'source/host@name': 'The name or address of the server.',
  'source/host@port': 'The port of the server, where it is not the protocol’s usual one.',
  'source/host@transport': { text: 'How the server is reached: `tcp`, `unix` or `rdma`.', default: 'tcp' },
  'source/host@socket': 'The path of the server’s socket, for the transport `unix`.',
  'hostdev/driver@name': 'What gives the device to the guest: `vfio` on current hosts; `xen` on Xen.',
  'memory/target/size@unit': { text: 'The unit of the size.', default: 'KiB' },
  pm: 'Whether the guest may suspend itself.',
  'pm/suspend-to-mem': 'Sleep: the guest keeps its memory (S3).',
  'pm/suspend-to-disk': 'Hibernation: the guest writes its memory to its disk (S4).',
  'suspend-to-mem@enabled': '`yes` lets the guest do it, `no` does not. Without it the hypervisor decides.',
  'suspend-to-disk@enabled': '`yes` lets the guest do it, `no` does not. Without it the hypervisor decides.',
  'backingStore@type': 'What the backing image is: `file`, `block`, `network`, `volume`…',
  'disk/auth': 'Who to be for the server that has the disk.',
  'auth@username': 'The user’s name at the server.',
  'auth/secret': 'The secret of the host that holds the password.',
  'auth/secret@usage': 'The secret by what it is for.',
  'auth/secret@uuid': 'The secret by its UUID.',
  'auth/secret@type': 'What kind of secret it is: `ceph` or `iscsi`.',
  'audio/input': 'How sound is recorded.',
  'audio/output': 'How sound is played.',
  'audio/input@mixingEngine': 'Whether QEMU mixes and converts the sound.',
  'audio/output@mixingEngine': 'Whether QEMU mixes and converts the sound.',
  'input@fixedSettings': 'Whether the settings inside are used rather than what the guest asks for.',
  'output@fixedSettings': 'Whether the settings inside are used rather than what the guest asks for.',
  'input@voices': 'How many streams are recorded at once.',
  'output@voices': 'How many streams are played at once.',
  'input@bufferLength': 'The length of the buffer in microseconds.',
  'output@bufferLength': 'The length of the buffer in microseconds.',
  'settings@frequency': 'The sample rate in Hz.',
  'settings@channels': 'How many channels: 2 is stereo.',
  'settings@format': 'The format of a sample: `s16`, `f32`…',
  'memnode@nodeset': 'The nodes of the host that this cell’s memory comes from.',
  'tpm/backend@type': '`emulator` runs swtpm for the guest, `passthrough` gives it the host’s own chip.',
  'graphics@tlsPort': 'The port for encrypted connections; −1 has libvirt choose.',
  'graphics/listen@socket': 'The path of the socket to listen at.',
  'features/capabilities': 'The capabilities of a container.',
  'features/capabilities@policy': 'What holds for those that are not named: `default`, `allow` or `deny`.',
  'hard_limit@unit': { text: 'The unit of the limit.', default: 'KiB' },
  'source/adapter': 'The SCSI adapter of the host.',
  'source/adapter@name': 'Its name, such as `scsi_host0`.',
};

const OTHERS: Readonly<Record<string, Words>> = {
  'dhcp/range@start': 'The first address that is given out.',
  'dhcp/range@end': 'The last address that is given out.',
  'forward/interface@dev': 'The host’s interface.',
  'forward@managed':
    '`yes` takes the devices from the host’s drivers when a guest starts and gives them back.',
  virtualport: 'How the switch is told of the ports of the network.',
  'virtualport@type': 'The kind: `802.1Qbg`, `802.1Qbh`, `openvswitch`, `midonet`.',
  'dhcp/host@id': 'Whom the address is for by DHCPv6: the client’s DUID.',
  'bootp@file': 'The file that a guest boots from over the network.',
  'portgroup@name': 'The name that interfaces choose the group by.',
  'portgroup@default': '`yes` for the group of interfaces that choose none.',
  'storagepool:capacity@unit': { text: 'The unit of the number.', default: 'bytes' },
  'storagepool:allocation@unit': { text: 'The unit of the number.', default: 'bytes' },
  'storagepool:available@unit': { text: 'The unit of the number.', default: 'bytes' },
  'initiator/iqn@name': 'The name that the host has for the iSCSI server.',
  'storagevol:volume@type':
    'What the volume is on the host: `file`, `block`, `dir`, `network`, `netdir`, `ploop`.',
  'backingStore/format@type': 'The format of the image below, such as `raw` or `qcow2`.',
  'encryption/secret': 'The secret of the host that holds the passphrase.',
  'domainsnapshot:active': '1 for the snapshot that the guest goes on from.',
  'domainbackup:disk/driver@type': 'The format of the backup’s image, such as `qcow2` or `raw`.',
  'domainbackup:target@file': 'Where the backup is written to (push mode).',
  'domainbackup:target@dev': 'The block device that the backup is written to (push mode).',
  'domainbackup:scratch@dev': 'Keeps what the guest overwrites while the backup is read (pull mode).',
  'domainbackup:server@transport': 'How the backup is read: `tcp` or `unix`.',
  'domainbackup:server@name': 'The address to listen at.',
  'domainbackup:server@port': 'The port to listen at.',
  'domainbackup:server@socket': 'The path of the socket to listen at.',
  'interface:interface': 'A network interface of the host itself, kept in the host’s own configuration.',
  'interface:interface@type': 'The kind: `ethernet`, `bridge`, `bond` or `vlan`.',
  'interface:interface@name': 'The name on the host, such as `eth0` or `br0`.',
  'interface:start': 'When it is brought up.',
  'interface:start@mode': '`onboot` with the host, `hotplug` when it is plugged in, `none` by hand.',
  'interface:protocol': 'The addresses of one family.',
  'interface:protocol@family': '`ipv4` or `ipv6`.',
  'interface:protocol/ip': 'An address that it always has.',
  'interface:ip@address': 'The address.',
  'interface:ip@prefix': 'How many bits of the address are the network’s.',
  'interface:protocol/dhcp': 'It asks for its address.',
  'interface:protocol/autoconf': 'It makes up its address from what routers say.',
  'interface:protocol/route': 'Where packets go.',
  'interface:route@gateway': 'The router that they go to.',
  'interface:bond': 'Interfaces that work as one.',
  'interface:bond@mode': 'How they share the work: `active-backup`, `802.3ad`, `balance-rr`…',
  'interface:bridge': 'Interfaces, and guests, that share a network.',
  'interface:bridge@stp': 'Whether the bridge speaks the spanning tree protocol, which keeps loops apart.',
  'interface:bridge@delay': 'How many seconds the bridge learns before it forwards.',
  'interface:vlan': 'A VLAN on another interface.',
  'interface:vlan@tag': 'The VLAN’s number.',
  'interface:mac@address': 'The hardware address.',
  'interface:mtu@size': 'The largest packet, in bytes.',
  'nwfilter:uuid': 'The filter’s UUID; libvirt makes one up.',
  'rule/tcp': 'Matches TCP over IPv4. Every attribute that is there has to match.',
  'rule/udp': 'Matches UDP over IPv4. Every attribute that is there has to match.',
  'rule/icmp': 'Matches ICMP. Every attribute that is there has to match.',
  'rule/all': 'Matches any protocol over IPv4. Every attribute that is there has to match.',
  'rule/mac': 'Matches Ethernet frames. Every attribute that is there has to match.',
  'rule/arp': 'Matches ARP. Every attribute that is there has to match.',
  'rule/ip': 'Matches IPv4 packets by their header. Every attribute that is there has to match.',
  'rule/ipv6': 'Matches IPv6 packets by their header. Every attribute that is there has to match.',
  ...ruleAttributes({
    srcmacaddr: 'The sender’s hardware address.',
    srcmacmask: 'Which bits of the sender’s hardware address count.',
    dstmacaddr: 'The receiver’s hardware address.',
    dstmacmask: 'Which bits of the receiver’s hardware address count.',
    srcipaddr: 'The sender’s address.',
    srcipmask: 'How many bits of the sender’s address count, or a mask.',
    dstipaddr: 'The receiver’s address.',
    dstipmask: 'How many bits of the receiver’s address count, or a mask.',
    srcportstart: 'The first of the sender’s ports.',
    srcportend: 'The last of the sender’s ports.',
    dstportstart: 'The first of the receiver’s ports.',
    dstportend: 'The last of the receiver’s ports.',
    protocolid: 'The protocol in the frame: `ipv4`, `ipv6`, `arp`, `rarp`, or its number.',
    dscp: 'The DSCP value of the packet, 0 to 63.',
    comment: 'A note for whoever reads the rules on the host.',
  }),
  'host/cpu/arch': 'The architecture of the host.',
  'capability:capabilities': 'What the host and its hypervisors can do.',
  'host/iommu@support': 'Whether the host has an IOMMU, which giving PCI devices to guests needs.',
  'topology/cells': 'The NUMA nodes of the host.',
  'cells@num': 'How many there are.',
  'cells/cell': 'A NUMA node: processors with memory that is near to them.',
  'cells/cell@id': 'The node’s number.',
  'cell/cpus': 'The processors of the node.',
  'cpus@num': 'How many there are.',
  'cpus/cpu@id': 'The processor’s number.',
  'cell/memory': 'The memory of the node.',
  'domaincaps:@supported': 'Whether this can be used at all.',
  'domaincaps:mode@name': 'What a guest’s `<cpu mode=…>` can say.',
  'domaincaps:enum': 'The values that one attribute can have.',
  'domaincaps:enum@name': 'The attribute, by a name of its own.',
  'domaincaps:iothreads': 'Whether disks can have threads of their own.',
  'domaincaps:os': 'The firmware that there is.',
};

/** A PCI device of the host, not of a guest. */
function hostAddress(kind: string): Readonly<Record<string, Words>> {
  const part = (name: string, what: string) => [
    `${kind}:address@${name}`,
    `The ${what} of the host’s PCI device.`,
  ];
  return Object.fromEntries([
    [`${kind}:address`, 'A PCI device of the host.'],
    [`${kind}:address@type`, 'The kind of address: `pci`.'],
    part('domain', 'domain'),
    part('bus', 'bus'),
    part('slot', 'slot'),
    part('function', 'function'),
  ]);
}

/** The same of each kind of rule that has the attribute. */
function ruleAttributes(words: Readonly<Record<string, string>>): Readonly<Record<string, Words>> {
  return Object.fromEntries(Object.entries(words).map(([name, text]) => [`nwfilter:@${name}`, text]));
}

const WORDS: Readonly<Record<string, Words>> = {
  ...ADDRESSES,
  ...hostAddress('network'),
  ...hostAddress('networkport'),
  ...hostAddress('nodedev'),
  ...CHARACTER_DEVICES,
  ...DOMAIN,
  ...OTHERS,
};

/** Undefined when we say nothing either. What is said of a place closest to this one is taken. */
export function ownWords({ kind, path, attribute }: DocumentedPlace): OwnWords | undefined {
  const suffix = attribute === undefined ? '' : `@${attribute}`;
  for (let from = 0; from <= path.length; from += 1) {
    const key = path.slice(from).join('/') + suffix;
    const found = key === '' ? undefined : (wordsAt(`${kind}:${key}`) ?? wordsAt(key));
    if (found !== undefined) return typeof found === 'string' ? { text: found } : found;
  }
  return undefined;
}

function wordsAt(key: string): Words | undefined {
  return Object.hasOwn(WORDS, key) ? WORDS[key] : undefined;
}
