import { t } from '@vscode/l10n';
import type { Host } from '../../../model/inventory/host.ts';
import type { Kind } from '../../../model/inventory/kinds/kind.ts';
import { listObjects } from '../../../model/inventory/objects.ts';
import { ObjectTarget } from '../../../model/inventory/object-target.ts';
import { choose } from '../../ui/choose.ts';
import { pickLabel, quoted } from '../../ui/names.ts';
import type { CommandContext } from '../context.ts';
import { pickParent } from '../document/pick-parent.ts';
import { pickHost } from '../pick-host.ts';

/** Asks for the host, for what the object is in, and for one object with which an action is possible. */
export async function chooseObject(
  context: CommandContext,
  kind: Kind,
  action: string,
  title: string,
): Promise<ObjectTarget | undefined> {
  const host = await pickHost(context, title);
  if (host === undefined) return undefined;
  try {
    return await chooseOn(host, kind, action, title);
  } catch (error) {
    await context.presenter.failure(t('Could not read {0}.', quoted(host.name)), error);
    return undefined;
  }
}

async function chooseOn(
  host: Host,
  kind: Kind,
  action: string,
  title: string,
): Promise<ObjectTarget | undefined> {
  const place = await pickParent(host, kind);
  if (place === false) return undefined;
  const objects = await listObjects(await host.connect(), kind.name, place.parent);
  const items = [...objects]
    .filter(([, record]) => kind.actions(record).includes(action))
    .map(([key, { name }]) => ({ label: pickLabel(name), key }))
    .toSorted((a, b) => a.label.localeCompare(b.label, undefined, { numeric: true }));
  const placeHolder =
    items.length === 0 ? t('There is none that this is possible with now') : kind.words.many;
  const picked = await choose(items, { title, placeHolder });
  return picked && new ObjectTarget(host, { kind: kind.name, key: picked.key, ...place });
}
