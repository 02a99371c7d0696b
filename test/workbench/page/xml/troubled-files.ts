/** Files such as people have trouble with, for the quick fixes that put them right. */
export const TROUBLED = {
  'moved.xml': `<domain type='qemu'>
  <name>moved</name>
  <memory unit='MiB'>64</memory>
  <boot dev='hd'/>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
  </os>
  <devices/>
</domain>
`,
  'prefix.xml': `<domain type='qemu'>
  <name>prefix</name>
  <memory unit='MiB'>64</memory>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
  </os>
  <devices/>
  <qemu:commandline>
    <qemu:arg value='-s'/>
  </qemu:commandline>
</domain>
`,
  'shared.xml': `<domain type='qemu'>
  <name>shared</name>
  <memory unit='MiB'>64</memory>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
  </os>
  <devices>
    <filesystem type='mount'>
      <driver type='virtiofs'/>
      <source dir='/srv'/>
      <target dir='share'/>
    </filesystem>
  </devices>
</domain>
`,
  'device.xml': `<disk type='file' device='cdrom'>
  <source file='/srv/a.iso'/>
  <target dev='sda' bus='sata '/>
</disk>
`,
} as const;
