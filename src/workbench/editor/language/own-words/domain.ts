import { t } from '@vscode/l10n';
import type { WordsByPlace } from './words.ts';

/** Domains, without addresses and character devices. */
export const DOMAIN: WordsByPlace = {
  'domain/os': () => t('How the guest starts: its machine, its firmware or kernel, and what it boots from.'),
  'interface@type': () =>
    t(
      'What the interface is connected to: `network` (one that libvirt manages), `bridge`, `direct` (a host interface, by macvtap), `user` (no privileges needed), `hostdev` (a PCI function of the host), `ethernet`, `vhostuser`, `vdpa`…',
    ),
  'interface@managed': () =>
    t('`no` when the tap device exists already, and libvirt must neither create nor remove it.'),
  'interface/mac@address': () =>
    t('The hardware address. libvirt chooses one when it is left out: `52:54:00:` and three more bytes.'),
  'interface/mac@type': () => t('`static` keeps an address from the range that VMware assigns itself.'),
  'interface/source@network': () => t('The name of a network that libvirt manages.'),
  'interface/source@bridge': () => t('The name of a bridge on the host, such as `br0`. It must exist.'),
  'interface/source@portgroup': () =>
    t('The group of ports of the network, with its own bandwidth and VLAN.'),
  'interface/script': () =>
    t('A program on the host that sets the interface up, for Xen and for the type `ethernet`.'),
  'interface/virtualport@type': () =>
    t('How the switch learns of the port: `802.1Qbg`, `802.1Qbh`, `openvswitch`, `midonet`.'),
  'interface/filterref': () =>
    t('The network filter that the interface’s packets pass, with values for its variables.'),
  'interface/filterref@filter': () => t('The name of a network filter of the host, such as `clean-traffic`.'),
  'filterref/parameter': () => t('A value for one of the filter’s variables.'),
  'filterref/parameter@name': () => t('The variable, such as `IP`.'),
  'filterref/parameter@value': () => t('The value. A variable with several values has a parameter for each.'),
  'video/model@primary': () => t('`yes` for the card that the guest starts with.'),
  'controller/model': () => t('The hardware that the guest sees.'),
  'controller/model@name': () =>
    t('The hardware that the guest sees, such as `pcie-root-port`. libvirt fills it in.'),
  'controller/target@index': () => t('The number of a PowerPC host bridge. Number 0 always exists.'),
  'controller/target@chassis': () =>
    t('The chassis of a PCIe port, as the guest sees it. It must be unique.'),
  'controller/target@chassisNr': () => t('The chassis of a PCI bridge, as the guest sees it.'),
  'controller/target@port': () => t('The number of the port in its chassis, as the guest sees it.'),
  'controller/target@busNr': () =>
    t('The first bus of the expander: the buses behind it have higher numbers.'),
  'controller/master@startport': () =>
    t('The first port of a USB controller that works together with another.'),
  alias: () => t('The name of the device in QEMU. libvirt chooses it, unless it begins with `ua-`.'),
  'alias@name': () => t('The name. A name of your own must begin with `ua-`.'),
  'numa/cell@memory': () => t('The memory of this node, in KiB unless `unit` says otherwise.'),
  'filesystem/target@dir': () =>
    t('What the guest mounts: a tag (not a path) for 9p and virtiofs, a path in containers.'),
  'source/host@name': () => t('The name or address of the server.'),
  'source/host@port': () => t('The port of the server, when it is not the usual one of the protocol.'),
  'source/host@transport': () => ({
    text: t('How the server is reached: `tcp`, `unix` or `rdma`.'),
    default: 'tcp',
  }),
  'source/host@socket': () => t('The path of the server’s socket, for the transport `unix`.'),
  'hostdev/driver@name': () =>
    t('What passes the device to the guest: `vfio` on current hosts, `xen` on Xen.'),
  'memory/target/size@unit': () => ({ text: t('The unit of the size.'), default: 'KiB' }),
  pm: () => t('Whether the guest may suspend itself.'),
  'pm/suspend-to-mem': () => t('Sleep: the guest keeps its memory (S3).'),
  'pm/suspend-to-disk': () => t('Hibernation: the guest writes its memory to its disk (S4).'),
  'suspend-to-mem@enabled': () => t('`yes` allows it, `no` forbids it. By default the hypervisor decides.'),
  'suspend-to-disk@enabled': () => t('`yes` allows it, `no` forbids it. By default the hypervisor decides.'),
  'backingStore@type': () => t('What the backing image is: `file`, `block`, `network`, `volume`…'),
  'disk/auth': () => t('How to log in to the server that has the disk.'),
  'auth@username': () => t('The user name on the server.'),
  'auth/secret': () => t('The secret of the host that holds the password.'),
  'auth/secret@usage': () => t('The secret, by its usage.'),
  'auth/secret@uuid': () => t('The secret, by its UUID.'),
  'auth/secret@type': () => t('The kind of secret: `ceph` or `iscsi`.'),
  'audio/input': () => t('How sound is recorded.'),
  'audio/output': () => t('How sound is played.'),
  'audio/input@mixingEngine': () => t('Whether QEMU mixes and converts the sound.'),
  'audio/output@mixingEngine': () => t('Whether QEMU mixes and converts the sound.'),
  'input@fixedSettings': () => t('Whether the settings inside replace those that the guest asks for.'),
  'output@fixedSettings': () => t('Whether the settings inside replace those that the guest asks for.'),
  'input@voices': () => t('How many streams are recorded at once.'),
  'output@voices': () => t('How many streams are played at once.'),
  'input@bufferLength': () => t('The length of the buffer in microseconds.'),
  'output@bufferLength': () => t('The length of the buffer in microseconds.'),
  'settings@frequency': () => t('The sample rate in Hz.'),
  'settings@channels': () => t('How many channels: 2 is stereo.'),
  'settings@format': () => t('The format of a sample: `s16`, `f32`…'),
  'memnode@nodeset': () => t('The nodes of the host that this cell’s memory comes from.'),
  'tpm/backend@type': () =>
    t('`emulator` runs swtpm for the guest, `passthrough` gives it the chip of the host.'),
  'graphics@tlsPort': () => t('The port for encrypted connections; with -1 libvirt chooses one.'),
  'graphics/listen@socket': () => t('The path of the socket to listen on.'),
  'features/capabilities': () => t('The capabilities of a container.'),
  'features/capabilities@policy': () =>
    t('What applies to capabilities that are not named: `default`, `allow` or `deny`.'),
  'hard_limit@unit': () => ({ text: t('The unit of the limit.'), default: 'KiB' }),
  'source/adapter': () => t('The SCSI adapter of the host.'),
  'source/adapter@name': () => t('The name of the adapter, such as `scsi_host0`.'),
};
