import { randomUUID } from 'node:crypto';
import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import { execa } from 'execa';
import type { BootConfiguration, LaunchConfiguration } from '../configuration.ts';
import { writeWhole } from '../../../model/files/replace-file.ts';
import { DebugError } from '../error.ts';
import { makeQemuFolder } from './qemu-folder.ts';

/** QEMU's part of a recording: what it is told to record, or to replay. */
export interface Recording {
  readonly folder: string;
  readonly replay: boolean;
  /** The machine; its files are the recording's own, so that a new build does not change what is replayed. */
  readonly boot: BootConfiguration;
  /** The guest sees it: with another one it would not go the same way. */
  readonly uuid: string;
  readonly arguments: readonly string[];
}

const EVENTS = 'events.bin';
const SNAPSHOTS = 'snapshots.qcow2';
const MACHINE = 'machine.json';
/** QEMU looks for this one when it goes backwards. */
const FIRST_SNAPSHOT = 'start';

/** Makes a folder for the recording of a guest's next run. QEMU may run as another user. */
export async function newRecording({ boot }: LaunchConfiguration): Promise<Recording> {
  if (boot.kernel === undefined)
    throw new DebugError('configuration', t('Only a guest with a “kernel” of its own can be recorded'));
  if (boot.image !== undefined)
    throw new DebugError(
      'configuration',
      t('A guest with an “image” cannot be recorded'),
      t('Its writes to the disk cannot be undone to go backwards.'),
    );
  const folder = await makeQemuFolder('kvm-recording-');
  const kernel = await keep(folder, 'kernel', boot.kernel);
  const initrd = boot.initrd === undefined ? undefined : await keep(folder, 'initrd', boot.initrd);
  await makeSnapshots(join(folder, SNAPSHOTS));
  await writeFile(join(folder, EVENTS), '');
  for (const file of [SNAPSHOTS, EVENTS]) await chmod(join(folder, file), 0o666);
  const kept = { ...boot, kernel, initrd };
  const uuid = randomUUID();
  // Last: with it the recording is there.
  await writeWhole(join(folder, MACHINE), JSON.stringify({ boot: kept, uuid }), { mode: 0o600 });
  return { folder, replay: false, boot: kept, uuid, arguments: qemuArguments(folder, 'record') };
}

/** @throws DebugError when there is no recording. */
export async function openRecording(folder: string): Promise<Recording> {
  const text = await readFile(join(folder, MACHINE), 'utf8').catch((cause: unknown) => {
    throw new DebugError(
      'configuration',
      t('There is no recording in {0}', folder),
      t('Record a run first, with “record”.'),
      { cause },
    );
  });
  const { boot, uuid } = JSON.parse(text) as Pick<Recording, 'boot' | 'uuid'>;
  return { folder, replay: true, boot, uuid, arguments: qemuArguments(folder, 'replay') };
}

async function keep(folder: string, name: string, path: string): Promise<string> {
  const copy = join(folder, name);
  await copyFile(path, copy).catch((cause: Error) => {
    throw new DebugError('image', t('{0} cannot be read: {1}', path, cause.message), undefined, { cause });
  });
  await chmod(copy, 0o644);
  return copy;
}

/** An empty disk, which the guest does not see: QEMU keeps the states there that it goes back to. */
async function makeSnapshots(path: string): Promise<void> {
  const { failed, exitCode, stderr } = await execa('qemu-img', ['create', '-q', '-f', 'qcow2', path, '1G'], {
    stdin: 'ignore',
    reject: false,
  });
  if (!failed) return;
  throw exitCode === undefined
    ? new DebugError(
        'configuration',
        t('Recording needs qemu-img on this machine'),
        t('Install the package qemu-utils.'),
      )
    : new DebugError('configuration', t('qemu-img failed: {0}', stderr));
}

function qemuArguments(folder: string, mode: 'record' | 'replay'): readonly string[] {
  const file = (name: string) => join(folder, name).replaceAll(',', ',,');
  return [
    '-icount',
    `shift=7,rr=${mode},rrfile=${file(EVENTS)},rrsnapshot=${FIRST_SNAPSHOT}`,
    '-drive',
    `file=${file(SNAPSHOTS)},if=none,format=qcow2,id=kvm-recording`,
  ];
}
