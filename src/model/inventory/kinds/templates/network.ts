import { t } from '@vscode/l10n';
import type { Template } from '../kind.ts';

/** What a new network can start as: small enough to be read in full, and accepted as it stands. */
export function networkTemplates(): readonly Template[] {
  return [
    {
      label: t('NAT'),
      detail: t('guests reach the outside through the host, with DHCP'),
      // not for people: libvirt reads it
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
      label: t('Isolated'),
      detail: t('guests reach each other and the host only'),
      // not for people: libvirt reads it
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
      label: t('Bridge'),
      detail: t('guests are on the network of a bridge that the host has'),
      // not for people: libvirt reads it
      xml: `<network>
  <name>new-bridged</name>
  <forward mode='bridge'/>
  <bridge name='br0'/>
</network>
`,
    },
  ];
}
