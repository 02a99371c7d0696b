import type { ObjectKind } from '../../../model/inventory/object-name.ts';

interface Template {
  readonly label: string;
  readonly detail: string;
  readonly xml: string;
}

/** What new documents start with: small enough to be read in full, and accepted as they stand. */
export const TEMPLATES = {
  domain: [
    {
      label: 'Linux Server',
      detail: 'virtio disk and network, serial console, no display',
      xml: `<domain type='kvm'>
  <name>new-domain</name>
  <memory unit='GiB'>2</memory>
  <vcpu>2</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <boot dev='hd'/>
  </os>
  <features>
    <acpi/>
    <apic/>
  </features>
  <cpu mode='host-passthrough'/>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='/var/lib/libvirt/images/new-domain.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <interface type='network'>
      <source network='default'/>
      <model type='virtio'/>
    </interface>
    <console type='pty'/>
    <channel type='unix'>
      <target type='virtio' name='org.qemu.guest_agent.0'/>
    </channel>
    <rng model='virtio'>
      <backend model='random'>/dev/urandom</backend>
    </rng>
  </devices>
</domain>
`,
    },
    {
      label: 'Desktop',
      detail: 'UEFI, VNC display, tablet, virtio disk and network',
      xml: `<domain type='kvm'>
  <name>new-desktop</name>
  <memory unit='GiB'>4</memory>
  <vcpu>4</vcpu>
  <os firmware='efi'>
    <type arch='x86_64' machine='q35'>hvm</type>
    <boot dev='hd'/>
    <boot dev='cdrom'/>
  </os>
  <features>
    <acpi/>
    <apic/>
  </features>
  <cpu mode='host-passthrough'/>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='/var/lib/libvirt/images/new-desktop.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <disk type='file' device='cdrom'>
      <target dev='sda' bus='sata'/>
      <readonly/>
    </disk>
    <interface type='network'>
      <source network='default'/>
      <model type='virtio'/>
    </interface>
    <graphics type='vnc' autoport='yes' listen='127.0.0.1'/>
    <video>
      <model type='virtio'/>
    </video>
    <input type='tablet' bus='usb'/>
    <console type='pty'/>
  </devices>
</domain>
`,
    },
    {
      label: 'Kernel to Debug',
      detail: 'boots a kernel file, emulated, with a serial console and nothing else',
      xml: `<domain type='qemu'>
  <name>new-kernel</name>
  <memory unit='MiB'>128</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    <kernel>/path/to/kernel</kernel>
    <cmdline>console=ttyS0 nokaslr</cmdline>
  </os>
  <features>
    <acpi/>
  </features>
  <devices>
    <serial type='pty'/>
    <memballoon model='none'/>
  </devices>
</domain>
`,
    },
  ],
  network: [
    {
      label: 'NAT',
      detail: 'guests reach the outside through the host, with DHCP',
      xml: `<network>
  <name>new-network</name>
  <forward mode='nat'/>
  <ip address='192.168.150.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='192.168.150.2' end='192.168.150.254'/>
    </dhcp>
  </ip>
</network>
`,
    },
    {
      label: 'Isolated',
      detail: 'guests reach each other and the host only',
      xml: `<network>
  <name>new-isolated</name>
  <ip address='192.168.160.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='192.168.160.2' end='192.168.160.254'/>
    </dhcp>
  </ip>
</network>
`,
    },
    {
      label: 'Bridge',
      detail: 'guests are on the network of a bridge that the host has',
      xml: `<network>
  <name>new-bridged</name>
  <forward mode='bridge'/>
  <bridge name='br0'/>
</network>
`,
    },
  ],
  pool: [
    {
      label: 'Directory',
      detail: 'image files in a directory of the host',
      xml: `<pool type='dir'>
  <name>new-pool</name>
  <target>
    <path>/var/lib/libvirt/new-pool</path>
  </target>
</pool>
`,
    },
    {
      label: 'NFS',
      detail: 'image files in a directory of another machine',
      xml: `<pool type='netfs'>
  <name>new-nfs-pool</name>
  <source>
    <host name='nfs.example.org'/>
    <dir path='/export/images'/>
    <format type='nfs'/>
  </source>
  <target>
    <path>/var/lib/libvirt/new-nfs-pool</path>
  </target>
</pool>
`,
    },
  ],
  volume: [
    {
      label: 'qcow2',
      detail: 'grows as it is filled',
      xml: `<volume>
  <name>new-volume.qcow2</name>
  <capacity unit='GiB'>20</capacity>
  <target>
    <format type='qcow2'/>
  </target>
</volume>
`,
    },
    {
      label: 'qcow2 on a Base Image',
      detail: 'keeps only what differs from another image',
      xml: `<volume>
  <name>new-overlay.qcow2</name>
  <capacity unit='GiB'>20</capacity>
  <target>
    <format type='qcow2'/>
  </target>
  <backingStore>
    <path>/var/lib/libvirt/images/base.qcow2</path>
    <format type='qcow2'/>
  </backingStore>
</volume>
`,
    },
  ],
  snapshot: [
    {
      label: 'Snapshot',
      detail: 'disks and, where it runs, memory, inside its disk images',
      xml: `<domainsnapshot>
  <name>before-the-change</name>
  <description>What it is for</description>
</domainsnapshot>
`,
    },
    {
      label: 'External Snapshot of the Disks',
      detail: 'writes go to new files from then on',
      xml: `<domainsnapshot>
  <name>before-the-change</name>
  <disks>
    <disk name='vda' snapshot='external'/>
  </disks>
</domainsnapshot>
`,
    },
  ],
} satisfies Partial<Record<ObjectKind, readonly Template[]>>;

export type TemplateKind = keyof typeof TEMPLATES;
