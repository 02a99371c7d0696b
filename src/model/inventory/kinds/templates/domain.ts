import { t } from '@vscode/l10n';
import type { Template } from '../kind.ts';

/** What a new domain can start as: small enough to be read in full, and accepted as it stands. */
export function domainTemplates(): readonly Template[] {
  return [
    {
      label: t('Linux Server'),
      detail: t('virtio disk and network, serial console, no display'),
      // not for people: libvirt reads it
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
      label: t('Desktop'),
      detail: t('UEFI, VNC display, tablet, virtio disk and network'),
      // not for people: libvirt reads it
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
      label: t('Kernel to Debug'),
      detail: t('boots a kernel file, emulated, with a serial console and nothing else'),
      // not for people: libvirt reads it
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
  ];
}
