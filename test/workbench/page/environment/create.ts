import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { ConsolePage } from '../../../support/console-page.ts';
import { gesture } from '../../../support/gesture.ts';
import type { Shop } from './shop.ts';

/** Guests that are made from a file in a few steps, and kept in kvm.yaml. */
export function testCreation(useShop: () => Shop): void {
  suite('A guest is made in a few steps', () => {
    test('from a CD-ROM, kept in the file', async () => {
      const { view, workbench, folder, file } = useShop();
      const { page } = workbench;
      await mkdir(join(folder, 'cd'));
      await execa('genisoimage', ['-quiet', '-o', join(folder, 'setup.iso'), join(folder, 'cd')]);
      await view.runCommand('KVM: Create Guest from ISO…');
      await page.getByText('Create Guest from ISO (1/3)').waitFor();
      await view.choosePath(join(folder, 'setup.iso'));
      await page.getByText('Create Guest from ISO (2/3)').waitFor();
      await view.enter();
      await view.choice('in this file').waitFor();
      await workbench.screenshot('create-from-iso');
      await gesture(
        (within) => view.choice('in this file').click(within),
        page.getByPlaceholder('the network is lan'),
      );
      await workbench.screenshot('create-on-network');
      await view.enter();
      await view.item('setup', 'running').waitFor();
      const kept = await readFile(file, 'utf8');
      assert.match(kept, /  setup:\n    iso: \.\/setup\.iso\n    cpus: 1\n[^]*    networks:\n      - lan\n/u);
    });

    test('from a file of the explorer, and gone with its end', async () => {
      const { view, workbench, folder, daemon } = useShop();
      const { page } = workbench;
      await copyFile(await daemon.tinyOsElf(), join(folder, 'tiny-os.elf'));
      await view.runCommand('View: Show Explorer');
      const row = page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'tiny-os.elf' });
      await view.chooseFromMenu(row, 'Boot in KVM');
      await new ConsolePage(workbench, view).sees(/tiny-os/u);
      await workbench.screenshot('boot-from-explorer');
      await view.open();
      await view.expand('lab');
      const name = /^boot-tiny-os\.elf-.*$/mu.exec(await daemon.virsh('list', '--name'))?.[0] ?? '';
      await view.chooseFromMenu(view.item(name, 'running'), 'Force Off…');
      await view.confirm('Force Off');
      await view.item(name).waitFor({ state: 'detached' });
    });

    test('from an appliance of another program, kept in the file', async () => {
      const { view, workbench, folder, file } = useShop();
      const { page } = workbench;
      await writeAppliance(folder);
      await view.runCommand('KVM: Import OVA or Disk Image…');
      await view.choosePath(join(folder, 'old.ova'));
      await page.getByText('Import old.ova: Which Configuration?').waitFor();
      await workbench.screenshot('import-configurations');
      await page.keyboard.press('ArrowDown');
      await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'With room' }).waitFor();
      await view.enter();
      await page.getByText('Import old.ova: Which Name?').waitFor();
      await view.enter();
      await page.getByText('Import old.ova: How Much Memory?').waitFor();
      await page.getByText('The description says “64 lots”').waitFor();
      await workbench.screenshot('import-memory');
      await view.input.fill('64 MiB');
      await view.enter();
      await view.item('old', 'running').waitFor();
      const kept =
        /  old:\n    image: \.\/disks\/old-disk1\.qcow2\n    cpus: 1\n    memory: 64 MiB\n    disk:\n      - bus: virtio\n      - bus: virtio\n        size: 8 MiB\n/u;
      assert.match(await readFile(file, 'utf8'), kept);
      await workbench.screenshot('workspace-created');
      await view.runCommand('Preferences: Toggle between Light/Dark Themes');
      await page.locator('.monaco-workbench.vs').waitFor();
      await workbench.screenshot('workspace-light');
      await view.runCommand('Preferences: Toggle between Light/Dark Themes');
    });
  });
}

/** A machine of another program with a small disk, in two sizes, one with an empty disk; its memory is in an odd unit. */
async function writeAppliance(folder: string): Promise<void> {
  const item = (type: number, rest: string, attributes = '') =>
    `<Item${attributes}><InstanceID>${type}${attributes.length}</InstanceID><ResourceType>${type}</ResourceType>${rest}</Item>`;
  const hardware = [
    item(4, '<AllocationUnits>lots</AllocationUnits><VirtualQuantity>64</VirtualQuantity>'),
    item(17, '<HostResource>ovf:/disk/d</HostResource>'),
    item(17, '<HostResource>ovf:/disk/e</HostResource>', ' configuration="roomy"'),
  ].join('');
  const parts =
    '<References><File id="f" href="old.vmdk"/></References><DiskSection><Disk diskId="d" fileRef="f"/><Disk diskId="e" capacity="8" capacityAllocationUnits="MB"/></DiskSection>';
  const sizes =
    '<DeploymentOptionSection><Configuration id="plain" default="true"><Label>As it is</Label></Configuration><Configuration id="roomy"><Label>With room</Label><Description>A second disk</Description></Configuration></DeploymentOptionSection>';
  const system = `<VirtualSystem id="Old"><VirtualHardwareSection>${hardware}</VirtualHardwareSection></VirtualSystem>`;
  await writeFile(join(folder, 'old.ovf'), `<Envelope>${parts}${sizes}${system}</Envelope>`);
  const stream = ['-o', 'subformat=streamOptimized'];
  await execa('qemu-img', ['create', '-q', '-f', 'vmdk', ...stream, join(folder, 'old.vmdk'), '1M']);
  await execa('tar', ['-cf', join(folder, 'old.ova'), '-C', folder, 'old.ovf', 'old.vmdk']);
}
