interface TinyOsGuest {
  readonly name: string;
  readonly kernel: string;
  readonly uuid?: string;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for an element or a quoted attribute. */
export function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"]/gu, (character) => escapes[character] ?? character);
}

/** The smallest guest that boots tiny-os: a serial console and nothing else, always emulated. */
export function tinyOsXml({ name, kernel, uuid }: TinyOsGuest): string {
  return `<domain type="qemu">
  <name>${escapeXml(name)}</name>
  ${uuid === undefined ? '' : `<uuid>${escapeXml(uuid)}</uuid>`}
  <memory unit="MiB">16</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>${escapeXml(kernel)}</kernel>
  </os>
  <features><acpi/></features>
  <devices>
    <serial type="pty"><target port="0"/></serial>
    <console type="pty"><target type="serial" port="0"/></console>
    <controller type="usb" model="none"/>
    <memballoon model="none"/>
  </devices>
</domain>
`;
}
