/** A valid domain of about that many lines, as libvirt writes them: most of it is disks and interfaces. */
export function makeDomain(lines: number): string {
  const devices: string[] = [];
  for (let index = 0; devices.length * 6 < lines - 30; index += 1) {
    const hex = (index % 256).toString(16).padStart(2, '0');
    devices.push(
      index % 3 === 2
        ? `    <interface type='network'>
      <mac address='52:54:00:00:00:${hex}'/>
      <source network='default'/>
      <model type='virtio'/>
      <address type='pci' domain='0x0000' bus='0x${hex}' slot='0x02' function='0x0'/>
    </interface>`
        : `    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2' cache='none'/>
      <source file='/var/lib/libvirt/images/disk${index}.qcow2'/>
      <target dev='vd${String.fromCharCode(97 + (index % 26))}${hex}' bus='virtio'/>
      <address type='pci' domain='0x0000' bus='0x${hex}' slot='0x01' function='0x0'/>
    </disk>`,
    );
  }
  return `<domain type='kvm'>
  <name>bench</name>
  <uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>
  <memory unit='KiB'>219136</memory>
  <currentMemory unit='KiB'>219136</currentMemory>
  <vcpu placement='static'>2</vcpu>
  <os>
    <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>
    <boot dev='hd'/>
  </os>
  <features>
    <acpi/>
    <apic/>
  </features>
  <cpu mode='host-model'/>
  <clock offset='utc'/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
${devices.join('\n')}
    <memballoon model='virtio'/>
  </devices>
</domain>
`;
}
