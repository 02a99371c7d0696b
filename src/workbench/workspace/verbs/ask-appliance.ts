import { basename } from 'node:path';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { parseBytes, writeBytes } from '../../../engines/environment/file/sizes.ts';
import type { OpenedAppliance } from '../../../engines/environment/images/appliance.ts';
import { choose } from '../../ui/choose.ts';

/** What an appliance leaves open, in bytes. */
export interface ApplianceSizes {
  readonly memory: number;
  /** Of its disks that begin empty, by their index. */
  readonly emptyDisks: ReadonlyMap<number, number>;
}

/** Which of its configurations; undefined when nobody chose, its own where there is nothing to choose. */
export async function askConfiguration(
  path: string,
  { configurations, configuration }: OpenedAppliance,
): Promise<{ readonly id: string | undefined } | undefined> {
  if (configurations.length < 2) return { id: configuration };
  return choose(
    configurations.map(({ id, label, description }, index) => ({
      id,
      label,
      ...(index === 0 ? { description: t('Default') } : {}),
      ...(description === undefined ? {} : { detail: description }),
    })),
    { title: t('Import {0}: Which Configuration?', basename(path)), matchOnDetail: true },
  );
}

/** Asks for what the description does not say, or says in units that nobody knows. Undefined when nobody answered. */
export async function askSizes(
  path: string,
  { memoryKiB, memoryText, disks }: OpenedAppliance,
): Promise<ApplianceSizes | undefined> {
  const file = basename(path);
  const memory =
    memoryKiB === undefined
      ? await askSize(
          t('Import {0}: How Much Memory?', file),
          t('The description says “{0}”, in a unit that is not known.', memoryText),
          // not for people: a value that they may change
          /^\d+(?:\.\d+)?$/u.test(memoryText) ? `${memoryText} MiB` : '',
        )
      : memoryKiB * 1024;
  if (memory === undefined) return undefined;
  const emptyDisks = new Map<number, number>();
  for (const [index, { file: name, bytes }] of disks.entries()) {
    if (name !== undefined) continue;
    const size =
      bytes ??
      (await askSize(
        t('Import {0}: How Large Is Disk {1}?', file, index + 1),
        t('The disk begins empty, and the description does not say its size in a known unit.'),
        '',
      ));
    if (size === undefined) return undefined;
    emptyDisks.set(index, size);
  }
  return { memory, emptyDisks };
}

async function askSize(title: string, prompt: string, value: string): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt,
    value,
    placeHolder: writeBytes(4 * 1024 ** 3),
    validateInput: (input) =>
      sizeOf(input) === undefined ? t('A size has a number and a unit, such as 4 GiB.') : undefined,
  });
  return text === undefined ? undefined : sizeOf(text);
}

function sizeOf(text: string): number | undefined {
  try {
    return parseBytes(text.trim());
  } catch {
    return undefined;
  }
}
