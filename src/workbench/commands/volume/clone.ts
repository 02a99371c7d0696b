import { t } from '@vscode/l10n';
import type { ObjectTarget } from '../../../model/inventory/object-target.ts';
import { listObjects } from '../../../model/inventory/objects.ts';
import { poolKind } from '../../../model/inventory/kinds/pool.ts';
import { ObjectTarget as Target } from '../../../model/inventory/object-target.ts';
import { cloneVolume } from '../../../model/operations/volume/clone.ts';
import { volumeDetails } from '../../../model/operations/volume/details.ts';
import { poolTarget } from '../../../model/operations/volume/on-volume.ts';
import { choose } from '../../ui/choose.ts';
import { asJob } from '../../ui/jobs.ts';
import { pickLabel, quoted } from '../../ui/names.ts';
import type { CommandContext } from '../context.ts';
import { objectName } from '../object/name.ts';
import { askVolumeName } from './ask-name.ts';

/** Asks for a pool, a format and a name, and copies a volume there. */
export async function cloneVolumes(
  context: CommandContext,
  [source]: readonly ObjectTarget[],
): Promise<void> {
  if (source === undefined) return;
  try {
    const pool = await pickPool(source);
    if (pool === undefined) return;
    const format = await pickFormat((await volumeDetails(source, {})).format);
    if (format === undefined) return;
    const name = await askVolumeName(pool, cloneName(source.name.key), t('Name of the clone'));
    if (name === undefined) return;
    const title = t('Cloning {0} as {1}', objectName(source), quoted(name));
    await asJob(context.jobs, source.host.definition.uri, title, (signal, onBytes) =>
      cloneVolume(source, { pool, name, format: format.format }, { signal, onBytes }),
    );
  } catch (error) {
    await context.presenter.failure(t('Could not clone {0}.', objectName(source)), error);
  }
}

/** The pools of the host that are on, its own first. */
async function pickPool(source: ObjectTarget): Promise<ObjectTarget | undefined> {
  const own = poolTarget(source);
  const pools = await listObjects(await source.host.connect(), 'pool');
  const items = [...pools]
    .filter(([, record]) => poolKind.actions(record as never).includes('createVolume'))
    .map(([key, { name }]) => ({
      label: pickLabel(name),
      description: key === own.name.key ? t('where it is') : '',
      key,
    }))
    .toSorted((a, b) => Number(b.key === own.name.key) - Number(a.key === own.name.key));
  if (items.length === 1) return own;
  const picked = await choose(items, { title: t('Clone into which pool?') });
  return picked && new Target(source.host, { kind: 'pool', key: picked.key });
}

/** Undefined when nobody chose; a volume without a format stays without one. */
async function pickFormat(
  current: string | undefined,
): Promise<{ readonly format: string | undefined } | undefined> {
  if (current === undefined) return { format: undefined };
  const formats = [current, ...['qcow2', 'raw'].filter((format) => format !== current)];
  const items = formats.map((format) => ({
    label: format,
    description: format === current ? t('as it is') : t('converted'),
  }));
  const picked = await choose(items, { title: t('Format of the clone') });
  return picked && { format: picked.label };
}

/** disk.qcow2 becomes disk-clone.qcow2. */
function cloneName(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? `${name.slice(0, dot)}-clone${name.slice(dot)}` : `${name}-clone`;
}
