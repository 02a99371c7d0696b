import { t } from '@vscode/l10n';
import type { Template } from '../kind.ts';

/** What a new snapshot can start as: small enough to be read in full, and accepted as it stands. */
export function snapshotTemplates(): readonly Template[] {
  return [
    {
      label: t('Snapshot'),
      detail: t('disks and, where it runs, memory, inside its disk images'),
      // not for people: libvirt reads it
      xml: `<domainsnapshot>
  <name>before-the-change</name>
  <description>What it is for</description>
</domainsnapshot>
`,
    },
    {
      label: t('External Snapshot of the Disks'),
      detail: t('writes go to new files from then on'),
      // not for people: libvirt reads it
      xml: `<domainsnapshot>
  <name>before-the-change</name>
  <disks>
    <disk name='vda' snapshot='external'/>
  </disks>
</domainsnapshot>
`,
    },
  ];
}
