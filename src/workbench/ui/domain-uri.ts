import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { KIND_NAMES, type ObjectName } from '../../model/inventory/kinds/kind.ts';
import { displayName } from './names.ts';

/** The scheme of documents that show what is on a host. */
export const LIBVIRT_SCHEME = 'libvirt';

/**
 * What a document shows of an object: without one its definition, `live` how it runs now, `now` the definition
 * that the host has at this moment, `base` the one that the edited text began as, `domain` what a snapshot says of
 * its domain. All but the definition are read-only.
 */
const VIEWS = ['live', 'now', 'base', 'domain'] as const;
export type View = (typeof VIEWS)[number];

export interface ObjectAddress extends ObjectName {
  /** The alias of its host. */
  readonly host: string;
  readonly view?: View;
}

/** What a tab is called, by the view and the object's name. */
const TITLES: Record<View | '', (label: string) => string> = {
  '': (label) => label,
  live: (label) => t('{0} (live)', label),
  now: (label) => t('{0} (on the host)', label),
  base: (label) => t('{0} (as opened)', label),
  domain: (label) => label,
};

/** Stands for a name where only what is around it is asked for. */
const GAP = '\0';

/** Between the parts of a query: it is not encoded where an address is shown. */
const SEPARATOR = '~';

/**
 * The address of an object's XML, such as `libvirt://lab-3f9a2c/domain/web.xml?6695eb01-…`: short, and without
 * encoded characters wherever names have none, since VS Code shows it to people. `label`, the object's name, is only
 * there to be read.
 */
export function objectUri(address: ObjectAddress, label: string): vscode.Uri {
  const { kind, host, key, parent = '', view = '' } = address;
  const file = `${TITLES[view](displayName(label)).replaceAll('/', '∕')}.xml`;
  const parts = [key, parent, view].map(encode);
  const query = parts.join(SEPARATOR).replace(/~+$/, '');
  return vscode.Uri.from({ scheme: LIBVIRT_SCHEME, authority: host, path: `/${kind}/${file}`, query });
}

/** Undefined when the address is not one of ours. */
export function addressOf({ scheme, authority, path, query }: vscode.Uri): ObjectAddress | undefined {
  if (scheme !== LIBVIRT_SCHEME || authority === '' || !path.endsWith('.xml')) return undefined;
  const kind = KIND_NAMES.find((each) => path.startsWith(`/${each}/`));
  const [key = '', parent = '', shown = ''] = query.split(SEPARATOR).map(decode);
  if (kind === undefined || key === '') return undefined;
  const view = VIEWS.find((each) => each === shown);
  return {
    kind,
    host: authority,
    key,
    ...(parent === '' ? {} : { parent }),
    ...(view === undefined ? {} : { view }),
  };
}

function encode(part: string): string {
  return encodeURIComponent(part).replaceAll(SEPARATOR, '%7E');
}

/** A person can type anything into an address. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** What the tab of an address calls the object, without what its view adds. */
export function labelOf(uri: vscode.Uri): string {
  const view = addressOf(uri)?.view;
  const file = uri.path.slice(uri.path.lastIndexOf('/') + 1, -'.xml'.length);
  const [before = '', after = ''] = TITLES[view ?? ''](GAP).split(GAP);
  const isTitle = file.startsWith(before) && file.endsWith(after);
  return isTitle ? file.slice(before.length, file.length - after.length) : file;
}

/** The same object seen in another way. */
export function withView(uri: vscode.Uri, view: View | undefined): vscode.Uri {
  const address = addressOf(uri);
  if (address === undefined) return uri;
  const { view: _, ...name } = address;
  return objectUri(view === undefined ? name : { ...name, view }, labelOf(uri));
}
