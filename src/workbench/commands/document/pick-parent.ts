import { t } from '@vscode/l10n';
import type { Host } from '../../../model/inventory/host.ts';
import type { Kind } from '../../../model/inventory/kinds/kind.ts';
import { kindOf } from '../../../model/inventory/kinds/kinds.ts';
import { listObjects } from '../../../model/inventory/objects.ts';
import { pickLabel } from '../../ui/names.ts';
import { choose } from '../../ui/choose.ts';

/** Asks for the parent of an object, such as the pool of a volume; false when nobody chose one. */
export async function pickParent(
  host: Host,
  kind: Pick<Kind, 'parent'>,
): Promise<{ parent?: string } | false> {
  if (kind.parent === undefined) return {};
  const parents = await listObjects(await host.connect(), kind.parent);
  const items = [...parents]
    .map(([key, { name }]) => ({ label: pickLabel(name), key }))
    .toSorted((a, b) => a.label.localeCompare(b.label));
  const { one, many: title } = kindOf(kind.parent).words;
  const placeHolder = t('Choose the {0} that it belongs to.', one);
  const picked = await choose(items, { title, placeHolder, ignoreFocusOut: true });
  return picked === undefined ? false : { parent: picked.key };
}
