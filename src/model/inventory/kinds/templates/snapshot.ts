import type { Template } from '../kind.ts';

/** What a new snapshot can start as: small enough to be read in full, and accepted as it stands. */
export function snapshotTemplates(): readonly Template[] {
  return [
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
  ];
}
