import { t } from '@vscode/l10n';
import type { Template } from '../kind.ts';

/** What a new volume can start as: small enough to be read in full, and accepted as it stands. */
export function volumeTemplates(): readonly Template[] {
  return [
    {
      label: t('qcow2'),
      detail: t('grows as it is filled'),
      // not for people: libvirt reads it
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
      label: t('qcow2 on a Base Image'),
      detail: t('keeps only what differs from another image'),
      // not for people: libvirt reads it
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
  ];
}
