import { access, constants } from 'node:fs/promises';
import { CannotRunError } from '../cannot-run.ts';
import { startCompatDaemon } from './daemon.ts';
import { debianTree } from './debian-tree.ts';
import { type Driver, tryDriver } from './trials.ts';
import { extras, requirements } from '../requirements.ts';
import { step } from '../steps.ts';
import { ensureSystemPackages } from '../system-packages.ts';

interface Target {
  readonly name: string;
  readonly program: 'libvirtd' | 'virtqemud';
  /** Makes the tree that the daemon is in, or says where it is. */
  readonly tree: () => Promise<string>;
  readonly drivers: readonly Driver[];
}

const installed = () => Promise.resolve('/');

const targets: readonly Target[] = [
  { name: 'installed, libvirtd', program: 'libvirtd', tree: installed, drivers: ['QEMU', 'test', 'LXC'] },
  { name: 'installed, virtqemud', program: 'virtqemud', tree: installed, drivers: ['QEMU'] },
  {
    name: 'Debian 13, libvirtd',
    program: 'libvirtd',
    tree: debianTree,
    drivers: ['QEMU', 'test', 'LXC', 'passt'],
  },
  { name: 'Debian 13, virtqemud', program: 'virtqemud', tree: debianTree, drivers: ['QEMU'] },
];

function exists(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

const own = [extras.debianTree, extras.lxc, extras.cdrom, extras.ssh];

interface Row {
  readonly target: string;
  readonly libvirt: string;
  readonly driver: string;
  readonly result: string;
}

async function tryTarget({ name, program, tree, drivers }: Target): Promise<readonly Row[]> {
  const without = (result: string) => [{ target: name, libvirt: '', driver: drivers.join(', '), result }];
  try {
    const root = await tree();
    if (!(await exists(`${root}/usr/sbin/${program}`))) return without(`${program} is not packaged there`);
    await using daemon = await startCompatDaemon(root, program);
    const rows: Row[] = [];
    for (const driver of drivers) rows.push({ target: name, ...(await tryDriver(daemon, driver)) });
    return rows;
  } catch (error) {
    return without(String(error));
  }
}

function print(rows: readonly Row[]): void {
  const columns = ['target', 'libvirt', 'driver', 'result'] as const;
  const table = [{ target: 'daemon', libvirt: 'libvirt', driver: 'driver', result: 'result' }, ...rows];
  const widths = columns.map((column) => Math.max(...table.map((row) => row[column].length)));
  for (const row of table)
    console.log(
      columns
        .map((column, index) => row[column].padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

/** Tries the client against every libvirt there is to be had here, and prints how it went. */
export async function tryLibvirts(yes: boolean | undefined): Promise<number> {
  if (process.getuid?.() !== 0)
    throw new CannotRunError('This needs root: it starts system daemons in namespaces and a Debian tree.');
  await ensureSystemPackages([...own, ...requirements.libvirt, ...requirements.tinyOs], yes);
  await step('Debian 13 with libvirt (a minute when new)', debianTree).catch(() => undefined);
  const rows: Row[] = [];
  for (const target of targets) rows.push(...(await step(target.name, () => tryTarget(target))));
  console.log('');
  print(rows);
  return rows.every(({ result }) => result === 'ok' || result.endsWith('not packaged there')) ? 0 : 1;
}
