import { t } from '@vscode/l10n';

/** A device that people add often, with what most of them would write. */
export interface DeviceSnippet {
  /** What people type to find it, such as `disk file`. */
  readonly label: string;
  readonly detail: () => string;
  /** The element that it goes into. */
  readonly parent: string;
  /** The element that it makes: it is offered where the schema allows that one. */
  readonly element: string;
  /** In VS Code's syntax for snippets. */
  readonly body: string;
}

/** `variant` tells it from other snippets of its element; empty where that has only one. */
function device(variant: string, detail: () => string, ...lines: readonly string[]): DeviceSnippet {
  const element = /^<([a-z]+)/.exec(lines[0] ?? '')?.[1] ?? '';
  const label = variant === '' ? element : `${element} ${variant}`;
  return { label, detail, parent: 'devices', element, body: lines.join('\n') };
}

export const deviceSnippets: readonly DeviceSnippet[] = [
  device(
    'file',
    () => t('A virtio disk in a qcow2 or raw file'),
    "<disk type='file' device='disk'>",
    "  <driver name='qemu' type='${1|qcow2,raw|}'/>",
    "  <source file='${2:/var/lib/libvirt/images/disk.qcow2}'/>",
    "  <target dev='${3:vda}' bus='${4|virtio,sata,scsi,usb|}'/>",
    '</disk>$0',
  ),
  device(
    'volume',
    () => t('A virtio disk that is a volume of a storage pool'),
    "<disk type='volume' device='disk'>",
    "  <driver name='qemu' type='${1|qcow2,raw|}'/>",
    "  <source pool='${2:default}' volume='${3:disk.qcow2}'/>",
    "  <target dev='${4:vda}' bus='virtio'/>",
    '</disk>$0',
  ),
  device(
    'block',
    () => t('A virtio disk that is a block device of the host'),
    "<disk type='block' device='disk'>",
    "  <driver name='qemu' type='raw' cache='none' io='native'/>",
    "  <source dev='${1:/dev/disk/by-id/}'/>",
    "  <target dev='${2:vda}' bus='virtio'/>",
    '</disk>$0',
  ),
  device(
    'cdrom',
    () => t('A CD-ROM with an ISO image'),
    "<disk type='file' device='cdrom'>",
    "  <driver name='qemu' type='raw'/>",
    "  <source file='${1:/var/lib/libvirt/images/install.iso}'/>",
    "  <target dev='${2:sda}' bus='${3|sata,scsi,usb,ide|}'/>",
    '  <readonly/>',
    '</disk>$0',
  ),
  device(
    'network',
    () => t('A network card in one of libvirt’s networks'),
    "<interface type='network'>",
    "  <source network='${1:default}'/>",
    "  <model type='${2|virtio,e1000e,rtl8139|}'/>",
    '</interface>$0',
  ),
  device(
    'bridge',
    () => t('A network card on a bridge of the host'),
    "<interface type='bridge'>",
    "  <source bridge='${1:br0}'/>",
    "  <model type='${2|virtio,e1000e,rtl8139|}'/>",
    '</interface>$0',
  ),
  device(
    'user',
    () => t('A network card that needs no privileges on the host'),
    "<interface type='user'>",
    "  <model type='${1|virtio,e1000e,rtl8139|}'/>",
    '</interface>$0',
  ),
  device(
    'vnc',
    () => t('A VNC display that listens on the host only'),
    "<graphics type='vnc' port='-1' autoport='yes' listen='${1:127.0.0.1}'>",
    "  <listen type='address' address='${1:127.0.0.1}'/>",
    '</graphics>$0',
  ),
  device(
    'spice',
    () => t('A SPICE display that listens on the host only'),
    "<graphics type='spice' autoport='yes' listen='${1:127.0.0.1}'>",
    "  <listen type='address' address='${1:127.0.0.1}'/>",
    '</graphics>$0',
  ),
  device(
    '',
    () => t('A graphics card'),
    '<video>',
    "  <model type='${1|virtio,qxl,vga,bochs,none|}'/>",
    '</video>$0',
  ),
  device(
    '',
    () => t('A serial port that can be opened as a terminal'),
    "<serial type='pty'>",
    "  <target port='${1:0}'/>",
    '</serial>$0',
  ),
  device(
    '',
    () => t('A console that can be opened as a terminal'),
    "<console type='pty'>",
    "  <target type='${1|serial,virtio|}' port='${2:0}'/>",
    '</console>$0',
  ),
  device(
    'agent',
    () => t('The channel of the QEMU guest agent'),
    "<channel type='unix'>",
    "  <target type='virtio' name='org.qemu.guest_agent.0'/>",
    '</channel>$0',
  ),
  device(
    '',
    () => t('An emulated TPM 2.0'),
    "<tpm model='${1|tpm-crb,tpm-tis|}'>",
    "  <backend type='emulator' version='2.0'/>",
    '</tpm>$0',
  ),
  device(
    '',
    () => t('Random numbers from the host'),
    "<rng model='virtio'>",
    // not for people: XML
    "  <backend model='random'>${1:/dev/urandom}</backend>",
    '</rng>$0',
  ),
  device(
    '',
    () => t('A watchdog, and what it does when the guest hangs'),
    "<watchdog model='${1|i6300esb,ib700,diag288|}' action='${2|reset,poweroff,shutdown,pause,dump,inject-nmi,none|}'/>$0",
  ),
  device(
    'pci',
    () => t('A PCI device of the host'),
    "<hostdev mode='subsystem' type='pci' managed='yes'>",
    '  <source>',
    "    <address domain='${1:0x0000}' bus='${2:0x01}' slot='${3:0x00}' function='${4:0x0}'/>",
    '  </source>',
    '</hostdev>$0',
  ),
  device(
    'usb',
    () => t('A USB device of the host'),
    "<hostdev mode='subsystem' type='usb' managed='yes'>",
    '  <source>',
    "    <vendor id='${1:0x1234}'/>",
    "    <product id='${2:0x5678}'/>",
    '  </source>',
    '</hostdev>$0',
  ),
  device(
    'virtiofs',
    () => t('A folder of the host; the domain also needs shared memory'),
    "<filesystem type='mount' accessmode='passthrough'>",
    "  <driver type='virtiofs'/>",
    "  <source dir='${1:/srv/share}'/>",
    "  <target dir='${2:share}'/>",
    '</filesystem>$0',
  ),
  device('', () => t('A sound card'), "<sound model='${1|ich9,ich6,ac97,usb|}'/>$0"),
  device('', () => t('The memory balloon'), "<memballoon model='${1|virtio,none|}'/>$0"),
  device(
    '',
    () => t('A socket between host and guest'),
    "<vsock model='virtio'>",
    "  <cid auto='${1|yes,no|}'/>",
    '</vsock>$0',
  ),
  device(
    '',
    () => t('Tells the host that the guest has panicked'),
    "<panic model='${1|isa,hyperv,pseries,s390|}'/>$0",
  ),
  device(
    'scsi',
    () => t('A virtio SCSI controller'),
    "<controller type='scsi' index='${1:0}' model='virtio-scsi'/>$0",
  ),
  device(
    'tablet',
    () => t('A pointer that follows the mouse without being captured'),
    "<input type='tablet' bus='${1|usb,virtio|}'/>$0",
  ),
];
