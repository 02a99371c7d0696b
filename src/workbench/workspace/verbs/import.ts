import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { isCancellation } from '../../ui/failure.ts';
import { defaultNetwork } from '../../../engines/environment/deploy/build-guest.ts';
import { writeBytes } from '../../../engines/environment/file/sizes.ts';
import { type OpenedAppliance, openAppliance } from '../../../engines/environment/images/appliance.ts';
import { makeDisk } from '../../../engines/environment/images/make-disk.ts';
import type { Host } from '../../../model/inventory/host.ts';
import { checkInside } from '../../../model/files/inside.ts';
import type { Environments } from '../environments.ts';
import { type ApplianceSizes, askConfiguration, askSizes } from './ask-appliance.ts';
import {
  addAndRun,
  askName,
  chooseFile,
  createFromDisk,
  DISK_EXTENSIONS,
  hostText,
  nameFrom,
  pathFor,
} from './create.ts';
import { askHost } from './ask-host.ts';
import { fileForGuests } from './new-file.ts';
import { showProgress, warn } from '../../ui/notices.ts';

/** Where the disks of appliances are kept, beside the kvm.yaml. */
const FOLDER = 'disks';

/** A machine of another program: an appliance with all that it describes, or a disk alone. */
export async function importGuest(environments: Environments, given: unknown): Promise<void> {
  const path =
    given instanceof vscode.Uri
      ? given.fsPath
      : await chooseFile(t('Import: Which Machine or Disk?'), t('Machines and disk images'), [
          'ova',
          'ovf',
          ...DISK_EXTENSIONS,
        ]);
  if (path === undefined) return;
  if (!/\.ov[af]$/iu.test(path)) {
    await createFromDisk(environments, path);
    return;
  }
  try {
    await importAppliance(environments, path);
  } catch (error) {
    if (!isCancellation(error))
      await environments.parts.presenter.failure(t('Could not import {0}.', basename(path)), error);
  }
}

async function importAppliance(environments: Environments, path: string): Promise<void> {
  const found = await readAppliance(path);
  if (found.disks.every(({ source }) => source === undefined)) {
    await environments.parts.presenter.refusal(
      t('{0} has only empty disks: there is nothing to boot from.', basename(path)),
    );
    return;
  }
  const chosen = await askConfiguration(path, found);
  if (chosen === undefined) return;
  const appliance = chosen.id === found.configuration ? found : await readAppliance(path, chosen.id);
  const uri = await fileForGuests();
  if (uri === undefined) return;
  const host = await askHost(environments, t('Import {0} on Which Host?', basename(path)));
  if (host === undefined) return;
  const suggestion = nameFrom(appliance.name ?? basename(path, extname(path)));
  const name = await askName(environments, uri, t('Import {0}: Which Name?', basename(path)), suggestion);
  if (name === undefined) return;
  const sizes = await askSizes(path, appliance);
  if (sizes === undefined) return;
  const { paths, remarks } = await convertDisks(appliance, uri, name, basename(path));
  for (const remark of remarks) void warn(remark);
  const text = await guestText(environments, { appliance, sizes, uri, host, paths });
  await addAndRun(environments, uri, name, { ...(await hostText(environments, uri, host)), ...text });
}

function readAppliance(path: string, configuration?: string): Thenable<OpenedAppliance> {
  return showProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: t('Reading {0}', basename(path)),
      cancellable: true,
    },
    async (_, token) => openAppliance(path, signalOf(token), configuration),
  );
}

interface Converted {
  /** The file of each disk; undefined for one that begins empty, which is made with the guest. */
  readonly paths: readonly (string | undefined)[];
  /** Sentences about what could not be checked. */
  readonly remarks: readonly string[];
}

/** Makes qcow2 files of its disks in a folder that git leaves out. */
async function convertDisks(
  appliance: OpenedAppliance,
  uri: vscode.Uri,
  name: string,
  title: string,
): Promise<Converted> {
  const folder = join(dirname(uri.fsPath), FOLDER);
  const free = await freePaths(folder, name, appliance.disks.length);
  const paths = appliance.disks.map(({ source }, index) => (source === undefined ? undefined : free[index]));
  const made: string[] = [];
  try {
    const remarks = await convertAll(appliance, { folder, paths, made }, title);
    return { paths, remarks };
  } catch (error) {
    // The others are somebody else's by now.
    await Promise.all(made.map((path) => rm(path, { force: true })));
    throw error;
  }
}

/** Another guest may have left its disks there. */
async function freePaths(folder: string, name: string, count: number): Promise<readonly string[]> {
  const taken = new Set(await readdir(folder).catch((): string[] => []));
  for (let number = 1; ; number += 1) {
    const stem = number === 1 ? name : `${name}-${number}`;
    const names = Array.from({ length: count }, (_, index) => `${stem}-disk${index + 1}.qcow2`);
    if (!names.some((each) => taken.has(each))) return names.map((each) => join(folder, each));
  }
}

function signalOf(token: vscode.CancellationToken): AbortSignal {
  const abort = new AbortController();
  token.onCancellationRequested(() => abort.abort());
  return abort.signal;
}

interface Targets {
  readonly folder: string;
  readonly paths: Converted['paths'];
  /** Those of them that are there. */
  readonly made: string[];
}

/** Returns sentences about what could not be checked. */
async function convertAll(
  appliance: OpenedAppliance,
  { folder, paths, made }: Targets,
  title: string,
): Promise<readonly string[]> {
  return showProgress(
    { location: vscode.ProgressLocation.Notification, title: t('Importing {0}', title), cancellable: true },
    async (progress, token) => {
      const signal = signalOf(token);
      const tell = (message: string) => progress.report({ message });
      const remarks = await appliance.verify(signal, (fraction) =>
        tell(t('Checking, {0} %', percent(fraction))),
      );
      // Somebody else may have arranged the workspace: no link in it leads the disks to another place.
      const inside = dirname(folder);
      for (const path of [join(folder, '.gitignore'), ...paths])
        if (path !== undefined) await checkInside(path, inside);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, '.gitignore'), '*\n', { flag: 'wx' }).catch(() => undefined);
      for (const [index, { source }] of appliance.disks.entries()) {
        const target = paths[index];
        if (source === undefined || target === undefined) continue;
        const onProgress = (fraction: number) =>
          tell(t('Disk {0} of {1}, {2} %', index + 1, appliance.disks.length, percent(fraction)));
        await makeDisk(source, target, { signal, onProgress, inside });
        made.push(target);
      }
      return remarks;
    },
  );
}

interface Imported {
  readonly appliance: OpenedAppliance;
  readonly sizes: ApplianceSizes;
  readonly uri: vscode.Uri;
  readonly host: Host;
  readonly paths: Converted['paths'];
}

async function guestText(
  environments: Environments,
  { appliance: { cpus, firmware, disks, cards }, sizes, uri, host, paths }: Imported,
): Promise<Readonly<Record<string, unknown>>> {
  const written = disks.map(({ bus }, index) => {
    const path = paths[index];
    return path === undefined
      ? { bus, size: writeBytes(sizes.emptyDisks.get(index) ?? 0) }
      : { bus, path: pathFor(uri, path) };
  });
  // The guest starts from the first that is not empty.
  const first = written.find((disk) => disk.path !== undefined);
  const others = written.filter((disk) => disk !== first);
  // What it was made for may know no other card.
  const models = cards.filter((model) => model !== 'virtio');
  const to =
    models.length === 0 ? undefined : await defaultNetwork(await environments.hosts.connect(host.id));
  const network = to?.kind === 'host' ? to.network : 'user';
  return {
    ...(first === undefined ? {} : { image: first.path }),
    cpus,
    memory: writeBytes(sizes.memory),
    ...(first === undefined || (first.bus === 'virtio' && others.length === 0)
      ? {}
      : { disk: [{ bus: first.bus }, ...others] }),
    ...(firmware === 'uefi' ? { firmware } : {}),
    ...(models.length === 0 ? {} : { networks: cards.map((model) => ({ network, model })) }),
    display: true,
  };
}

function percent(fraction: number): number {
  return Math.floor(fraction * 100);
}
