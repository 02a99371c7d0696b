import { t } from '@vscode/l10n';
import type { Host } from '../../../model/inventory/host.ts';
import { isGone, readObject } from '../../../model/inventory/objects.ts';
import type { Kind } from '../../../model/inventory/kinds/kind.ts';
import { quoted } from '../../ui/names.ts';
import { parseDocument } from '../../../language/xml/parse.ts';
import { childElement, textOf } from '../../../language/xml/tree.ts';
import { warn } from '../../ui/notices.ts';

/** libvirt silently replaces a definition with the same UUID and name, so a person is asked first. */
export async function mayReplace(host: Host, kind: Kind, xml: string): Promise<boolean> {
  const name = await existing(host, kind, xml);
  if (name === undefined) return true;
  const replace = t('Replace');
  const answer = await warn(
    t('Replace the definition of {0} on {1}?', quoted(name), quoted(host.name)),
    {
      modal: true,
      detail: t('It has the UUID that this document gives. Its present definition is lost.'),
    },
    replace,
  );
  return answer === replace;
}

/** The name of the object that a definition would replace. */
async function existing(host: Host, kind: Kind, xml: string): Promise<string | undefined> {
  const key = uuidIn(xml);
  if (key === undefined || kind.parent !== undefined) return undefined;
  const connection = await host.connect();
  try {
    return nameIn((await readObject(connection, { kind: kind.name, key })).xml) ?? key;
  } catch (error) {
    if (isGone({ kind: kind.name }, error)) return undefined;
    throw error;
  }
}

function nameIn(xml: string): string | undefined {
  const { root } = parseDocument(xml);
  const name = root && childElement(root, 'name');
  return name && textOf(name).trim();
}

function uuidIn(xml: string): string | undefined {
  const { root } = parseDocument(xml);
  const element = root && childElement(root, 'uuid');
  const plain = element && textOf(element).trim().replaceAll('-', '');
  if (plain === undefined || !/^[0-9a-f]{32}$/i.test(plain)) return undefined;
  return plain.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
