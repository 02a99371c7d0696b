import { t } from '@vscode/l10n';

/** One of libvirt's documents with the least that it needs, for a text that has no root element yet. */
export interface RootSnippet {
  readonly root: string;
  readonly detail: () => string;
  /** In VS Code's syntax for snippets. */
  readonly body: string;
}

function document(detail: () => string, lines: readonly string[]): RootSnippet {
  return { root: /^<([A-Za-z]+)/.exec(lines[0] ?? '')?.[1] ?? '', detail, body: `${lines.join('\n')}\n` };
}

export const rootSnippets: readonly RootSnippet[] = [
  document(
    () => t('libvirt domain: a virtual machine'),
    // not for people: XML
    [
      "<domain type='${1|kvm,qemu|}'>",
      '  <name>${2:guest}</name>',
      "  <memory unit='${3|GiB,MiB,KiB|}'>${4:2}</memory>",
      '  <vcpu>${5:2}</vcpu>',
      '  <os>',
      "    <type arch='${6|x86_64,aarch64|}' machine='${7|q35,pc,virt|}'>hvm</type>",
      '  </os>',
      '  <devices>',
      '    $0',
      '  </devices>',
      '</domain>',
    ],
  ),
  document(
    () => t('libvirt network'),
    // not for people: XML
    [
      '<network>',
      '  <name>${1:network}</name>',
      "  <forward mode='${2|nat,route,open|}'/>",
      "  <ip address='${3:192.168.150.1}' netmask='${4:255.255.255.0}'>",
      '    <dhcp>',
      "      <range start='${5:192.168.150.2}' end='${6:192.168.150.254}'/>",
      '    </dhcp>',
      '  </ip>$0',
      '</network>',
    ],
  ),
  document(
    () => t('libvirt storage pool: a directory of images'),
    // not for people: XML
    [
      "<pool type='dir'>",
      '  <name>${1:pool}</name>',
      '  <target>',
      '    <path>${2:/var/lib/libvirt/pool}</path>',
      '  </target>$0',
      '</pool>',
    ],
  ),
  document(
    () => t('libvirt storage volume'),
    // not for people: XML
    [
      '<volume>',
      '  <name>${1:volume.qcow2}</name>',
      "  <capacity unit='${2|GiB,MiB,TiB,bytes|}'>${3:20}</capacity>",
      '  <target>',
      "    <format type='${4|qcow2,raw|}'/>",
      '  </target>$0',
      '</volume>',
    ],
  ),
  document(
    () => t('libvirt snapshot of a domain'),
    // not for people: XML
    [
      '<domainsnapshot>',
      '  <name>${1:snapshot}</name>',
      '  <description>${2:description}</description>$0',
      '</domainsnapshot>',
    ],
  ),
  document(
    () => t('libvirt checkpoint of a domain, which incremental backups start from'),
    // not for people: XML
    [
      '<domaincheckpoint>',
      '  <name>${1:checkpoint}</name>',
      '  <disks>',
      "    <disk name='${2:vda}' checkpoint='${3|bitmap,no|}'/>",
      '  </disks>$0',
      '</domaincheckpoint>',
    ],
  ),
  document(
    () => t('libvirt backup of a domain'),
    [
      "<domainbackup mode='push'>",
      '  <disks>',
      "    <disk name='${1:vda}' backup='yes' type='file'>",
      "      <target file='${2:/var/lib/libvirt/backup/vda.qcow2}'/>",
      "      <driver type='${3|qcow2,raw|}'/>",
      '    </disk>',
      '  </disks>$0',
      '</domainbackup>',
    ],
  ),
  document(
    () => t('libvirt secret'),
    // not for people: XML
    [
      "<secret ephemeral='${1|no,yes|}' private='${2|yes,no|}'>",
      '  <description>${3:description}</description>',
      "  <usage type='volume'>",
      '    <volume>${4:/var/lib/libvirt/images/disk.img}</volume>',
      '  </usage>$0',
      '</secret>',
    ],
  ),
  document(
    () => t('libvirt network filter'),
    [
      "<filter name='${1:filter}' chain='${2|root,ipv4,ipv6,arp,mac|}'>",
      "  <rule action='${3|accept,drop,reject,return,continue|}' direction='${4|inout,in,out|}' priority='${5:500}'>",
      "    <all state='NEW'/>",
      '  </rule>$0',
      '</filter>',
    ],
  ),
  document(
    () => t('libvirt interface of a host: a bridge'),
    [
      "<interface type='bridge' name='${1:br0}'>",
      "  <start mode='${2|onboot,none,hotplug|}'/>",
      "  <bridge stp='${3|off,on|}'>",
      "    <interface type='ethernet' name='${4:eth0}'/>",
      '  </bridge>$0',
      '</interface>',
    ],
  ),
  document(
    () => t('libvirt node device: a mediated device'),
    // not for people: XML
    [
      '<device>',
      '  <name>${1:new_mdev}</name>',
      '  <parent>${2:pci_0000_00_02_0}</parent>',
      "  <capability type='mdev'>",
      "    <type id='${3:i915-GVTg_V5_4}'/>",
      '  </capability>$0',
      '</device>',
    ],
  ),
];
