import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { readPoolOffers } from '../../../model/inventory/facts/pool-offers.ts';
import { poolKind } from '../../../model/inventory/kinds/pool.ts';
import type { ObjectTarget } from '../../../model/inventory/object-target.ts';
import { createVolume } from '../../../model/operations/volume/create.ts';
import { choose } from '../../ui/choose.ts';
import { quoted } from '../../ui/names.ts';
import { withProgress } from '../../ui/progress.ts';
import { parseSize } from '../../ui/sizes.ts';
import type { CommandContext } from '../context.ts';
import { objectName } from '../object/name.ts';
import { askVolumeName } from './ask-name.ts';

/** A guest's image is what people make most. */
const FAVOURITES = ['qcow2', 'raw'];

// not for people: a size that is typed
const PROPOSED_SIZE = '20 GiB';

/** Asks for a format, a size and a name, and makes an empty volume. */
export async function createVolumeIn(
  context: CommandContext,
  [pool]: readonly ObjectTarget[],
): Promise<void> {
  if (pool === undefined) return;
  try {
    const formats = await formatsOf(pool);
    const format = formats.length === 0 ? undefined : await pickFormat(formats);
    if (format === undefined && formats.length > 0) return;
    const capacity = await askSize(t('Size of the new volume'), PROPOSED_SIZE);
    if (capacity === undefined) return;
    const proposed = format === undefined || format === 'raw' ? 'new-volume.img' : `new-volume.${format}`;
    const name = await askVolumeName(pool, proposed, t('Name of the new volume'));
    if (name === undefined) return;
    const plan = { name, capacity, ...(format === undefined ? {} : { format }) };
    await withProgress(t('Creating volume {0}', quoted(name)), (signal) =>
      createVolume(pool, { plan: format === 'raw' ? { ...plan, allocation: 0n } : plan }, { signal }),
    );
  } catch (error) {
    await context.presenter.failure(t('Could not create a volume in {0}.', objectName(pool)), error);
  }
}

/** What the pool's type can hold, what people want most first. None where volumes have no formats. */
async function formatsOf(pool: ObjectTarget): Promise<readonly string[]> {
  const connection = await pool.host.connect();
  const [offers, record] = await Promise.all([
    readPoolOffers(connection),
    poolKind.readOne({ connection, parent: undefined }, pool.name.key),
  ]);
  const found = offers?.find(({ type }) => type === record.details?.type)?.volumeFormats;
  if (found === undefined) return FAVOURITES;
  const first = FAVOURITES.filter((format) => found.includes(format));
  return [...first, ...found.filter((format) => !FAVOURITES.includes(format) && format !== 'none')];
}

async function pickFormat(formats: readonly string[]): Promise<string | undefined> {
  const details: Readonly<Record<string, string>> = {
    qcow2: t('grows as it is filled, can have snapshots and a base image'),
    raw: t('plain bytes, quickest'),
  };
  const items = formats.map((format) => ({ label: format, description: details[format] ?? '' }));
  return (await choose(items, { title: t('Format of the new volume') }))?.label;
}

/** Asks for a size, in bytes; a number alone is GiB. */
export async function askSize(
  prompt: string,
  value: string,
  problem: (bytes: bigint) => string | undefined = () => undefined,
): Promise<bigint | undefined> {
  const answer = await vscode.window.showInputBox({
    prompt,
    value,
    placeHolder: t('for example 20 GiB, 512 MiB or 1.5 TiB'),
    ignoreFocusOut: true,
    validateInput: (text) => {
      const bytes = parseSize(text);
      return bytes === undefined
        ? t('A size is a number with a unit, such as 20 GiB. Without a unit it is GiB.')
        : problem(bytes);
    },
  });
  return answer === undefined ? undefined : parseSize(answer);
}
