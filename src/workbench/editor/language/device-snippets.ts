/** A device that people add often, complete as most would have it. */
export interface DeviceSnippet {
  readonly label: string;
  readonly detail: string;
  /** The element that it goes into, and the one that it makes: it is offered where the schema allows that one. */
  readonly parent: string;
  readonly element: string;
  /** In VS Code's syntax for snippets. */
  readonly body: string;
}

function device(label: string, detail: string, ...lines: readonly string[]): DeviceSnippet {
  return {
    label,
    detail,
    parent: 'devices',
    element: /^<([a-z]+)/.exec(lines[0] ?? '')?.[1] ?? '',
    body: lines.join('\n'),
  };
}

export const deviceSnippets: readonly DeviceSnippet[] = [
  device(
    'disk file',
    'A virtio disk in a qcow2 or raw file',
    "<disk type='file' device='disk'>",
    "  <driver name='qemu' type='${1|qcow2,raw|}'/>",
    "  <source file='${2:/var/lib/libvirt/images/disk.qcow2}'/>",
    "  <target dev='${3:vda}' bus='${4|virtio,sata,scsi,usb|}'/>",
    '</disk>$0',
  ),
  device(
    'disk volume',
    'A virtio disk that is a volume of a storage pool',
    "<disk type='volume' device='disk'>",
    "  <driver name='qemu' type='${1|qcow2,raw|}'/>",
    "  <source pool='${2:default}' volume='${3:disk.qcow2}'/>",
    "  <target dev='${4:vda}' bus='virtio'/>",
    '</disk>$0',
  ),
  device(
    'disk block',
    'A virtio disk that is a block device of the host',
    "<disk type='block' device='disk'>",
    "  <driver name='qemu' type='raw' cache='none' io='native'/>",
    "  <source dev='${1:/dev/disk/by-id/}'/>",
    "  <target dev='${2:vda}' bus='virtio'/>",
    '</disk>$0',
  ),
  device(
    'disk cdrom',
    'A CD-ROM with an ISO image',
    "<disk type='file' device='cdrom'>",
    "  <driver name='qemu' type='raw'/>",
    "  <source file='${1:/var/lib/libvirt/images/install.iso}'/>",
    "  <target dev='${2:sda}' bus='${3|sata,scsi,usb,ide|}'/>",
    '  <readonly/>',
    '</disk>$0',
  ),
  device(
    'interface network',
    'A network card in one of libvirt’s networks',
    "<interface type='network'>",
    "  <source network='${1:default}'/>",
    "  <model type='${2|virtio,e1000e,rtl8139|}'/>",
    '</interface>$0',
  ),
  device(
    'interface bridge',
    'A network card at a bridge of the host',
    "<interface type='bridge'>",
    "  <source bridge='${1:br0}'/>",
    "  <model type='${2|virtio,e1000e,rtl8139|}'/>",
    '</interface>$0',
  ),
  device(
    'interface user',
    'A network card that needs no rights on the host',
    "<interface type='user'>",
    "  <model type='${1|virtio,e1000e,rtl8139|}'/>",
    '</interface>$0',
  ),
  device(
    'graphics vnc',
    'A VNC display that listens on the host only',
    "<graphics type='vnc' port='-1' autoport='yes' listen='${1:127.0.0.1}'>",
    "  <listen type='address' address='${1:127.0.0.1}'/>",
    '</graphics>$0',
  ),
  device(
    'graphics spice',
    'A SPICE display that listens on the host only',
    "<graphics type='spice' autoport='yes' listen='${1:127.0.0.1}'>",
    "  <listen type='address' address='${1:127.0.0.1}'/>",
    '</graphics>$0',
  ),
  device(
    'video',
    'A graphics card',
    '<video>',
    "  <model type='${1|virtio,qxl,vga,bochs,none|}'/>",
    '</video>$0',
  ),
  device(
    'serial',
    'A serial port that can be opened as a terminal',
    "<serial type='pty'>",
    "  <target port='${1:0}'/>",
    '</serial>$0',
  ),
  device(
    'console',
    'A console that can be opened as a terminal',
    "<console type='pty'>",
    "  <target type='${1|serial,virtio|}' port='${2:0}'/>",
    '</console>$0',
  ),
  device(
    'channel agent',
    'The channel of the QEMU guest agent',
    "<channel type='unix'>",
    "  <target type='virtio' name='org.qemu.guest_agent.0'/>",
    '</channel>$0',
  ),
  device(
    'tpm',
    'An emulated TPM 2.0',
    "<tpm model='${1|tpm-crb,tpm-tis|}'>",
    "  <backend type='emulator' version='2.0'/>",
    '</tpm>$0',
  ),
  device(
    'rng',
    'Random numbers of the host',
    "<rng model='virtio'>",
    "  <backend model='random'>${1:/dev/urandom}</backend>",
    '</rng>$0',
  ),
  device(
    'watchdog',
    'A watchdog and what it does',
    "<watchdog model='${1|i6300esb,ib700,diag288|}' action='${2|reset,poweroff,shutdown,pause,dump,inject-nmi,none|}'/>$0",
  ),
  device(
    'hostdev pci',
    'A PCI device of the host',
    "<hostdev mode='subsystem' type='pci' managed='yes'>",
    '  <source>',
    "    <address domain='${1:0x0000}' bus='${2:0x01}' slot='${3:0x00}' function='${4:0x0}'/>",
    '  </source>',
    '</hostdev>$0',
  ),
  device(
    'hostdev usb',
    'A USB device of the host',
    "<hostdev mode='subsystem' type='usb' managed='yes'>",
    '  <source>',
    "    <vendor id='${1:0x1234}'/>",
    "    <product id='${2:0x5678}'/>",
    '  </source>',
    '</hostdev>$0',
  ),
  device(
    'filesystem virtiofs',
    'A folder of the host; the domain needs shared memory, too',
    "<filesystem type='mount' accessmode='passthrough'>",
    "  <driver type='virtiofs'/>",
    "  <source dir='${1:/srv/share}'/>",
    "  <target dir='${2:share}'/>",
    '</filesystem>$0',
  ),
  device('sound', 'A sound card', "<sound model='${1|ich9,ich6,ac97,usb|}'/>$0"),
  device('memballoon', 'The memory balloon', "<memballoon model='${1|virtio,none|}'/>$0"),
  device(
    'vsock',
    'A socket between host and guest',
    "<vsock model='virtio'>",
    "  <cid auto='${1|yes,no|}'/>",
    '</vsock>$0',
  ),
  device(
    'panic',
    'Tells the host that the guest has panicked',
    "<panic model='${1|isa,hyperv,pseries,s390|}'/>$0",
  ),
  device(
    'controller scsi',
    'A virtio SCSI controller',
    "<controller type='scsi' index='${1:0}' model='virtio-scsi'/>$0",
  ),
  device(
    'input tablet',
    'A pointer that follows the mouse',
    "<input type='tablet' bus='${1|usb,virtio|}'/>$0",
  ),
];
