import { t } from '@vscode/l10n';
import type { Template } from '../kind.ts';

/** What a new storage pool can start as: small enough to be read in full, and accepted as it stands. */
export function poolTemplates(): readonly Template[] {
  return [
    {
      label: t('Directory'),
      detail: t('image files in a directory of the host'),
      // not for people: libvirt reads it
      xml: `<pool type='dir'>
  <name>new-pool</name>
  <target>
    <path>/var/lib/libvirt/new-pool</path>
  </target>
</pool>
`,
    },
    {
      label: t('NFS'),
      detail: t('image files in a directory of another machine'),
      // not for people: libvirt reads it
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
  ];
}
