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
  readonly host: string;
  readonly view?: View;
}

const SUFFIXES: Record<View, string> = {
  live: ' (live)',
  now: ' (on the host)',
  base: ' (as opened)',
  domain: '',
};

/** The address of an object's XML. `label`, its name, is only there to be read in the tab. */
export function objectUri(address: ObjectAddress, label: string): vscode.Uri {
  const { kind, host, key, parent, view } = address;
  const suffix = view === undefined ? '' : SUFFIXES[view];
  const file = `${displayName(label).replaceAll('/', '∕')}${suffix}.xml`;
  const query = new URLSearchParams({ host, key });
  if (parent !== undefined) query.set('in', parent);
  if (view !== undefined) query.set('view', view);
  return vscode.Uri.from({ scheme: LIBVIRT_SCHEME, path: `/${kind}/${file}`, query: query.toString() });
}

/** Undefined when the address is not one of ours. */
export function addressOf({ scheme, path, query }: vscode.Uri): ObjectAddress | undefined {
  if (scheme !== LIBVIRT_SCHEME || !path.endsWith('.xml')) return undefined;
  const kind = KIND_NAMES.find((each) => path.startsWith(`/${each}/`));
  const parameters = new URLSearchParams(query);
  const host = parameters.get('host');
  const key = parameters.get('key');
  if (kind === undefined || host === null || key === null) return undefined;
  const parent = parameters.get('in');
  const view = VIEWS.find((each) => each === parameters.get('view'));
  return {
    kind,
    host,
    key,
    ...(parent === null ? {} : { parent }),
    ...(view === undefined ? {} : { view }),
  };
}

/** What the tab of an address calls the object, without what its view adds. */
export function labelOf(uri: vscode.Uri): string {
  const view = addressOf(uri)?.view;
  const file = uri.path.slice(uri.path.lastIndexOf('/') + 1, -'.xml'.length);
  const suffix = view === undefined ? '' : SUFFIXES[view];
  return suffix !== '' && file.endsWith(suffix) ? file.slice(0, -suffix.length) : file;
}

/** The same object seen in another way. */
export function withView(uri: vscode.Uri, view: View | undefined): vscode.Uri {
  const address = addressOf(uri);
  if (address === undefined) return uri;
  const { view: _, ...name } = address;
  return objectUri(view === undefined ? name : { ...name, view }, labelOf(uri));
}
