/**
 * Who may import whom: each room of `src` with the rooms and whole storeys that it may import. The storeys stand from
 * the ground up, and the rooms of a storey likewise, so that every arrow goes down. The lint rule, the search for
 * circles and the picture in docs/architecture.md are made from this table.
 */
const below = {
  model: ['client', 'language'],
  engines: ['client', 'language', 'model'],
  workbench: ['client', 'language', 'model', 'engines', 'vscode'],
} as const;

/** A face is what a person sees of one concern. None imports another: what two share moves down. */
const face = [...below.workbench, 'workbench/manifest', 'workbench/ui'];

export const mayImport: Readonly<Record<string, readonly string[]>> = {
  'client/rpc': [],
  'client/transport': ['client/rpc'],
  'client/libvirt': ['client/rpc', 'client/transport'],

  'language/xml': [],
  'language/schema': ['language/xml'],
  'language/checks': ['language/xml', 'language/schema'],

  'model/text': [],
  'model/files': [],
  'model/disk-image': [],
  'model/guest': [...below.model, 'model/disk-image'],
  'model/image': below.model,
  'model/inventory': [...below.model, 'model/guest', 'model/image'],
  'model/storage': [...below.model, 'model/disk-image'],
  'model/jobs': [...below.model, 'model/inventory'],
  'model/operations': [
    ...below.model,
    'model/disk-image',
    'model/files',
    'model/guest',
    'model/image',
    'model/inventory',
    'model/storage',
  ],
  'model/metrics': [...below.model, 'model/guest', 'model/image', 'model/inventory', 'model/operations'],

  'engines/environment': below.engines,
  'engines/gdb': below.engines,

  // Runs in the browser; a face that opens a webview imports the messages that they exchange.
  webview: [],

  // Read by scripts as well, where there is no VS Code.
  'workbench/manifest': ['model'],
  'workbench/ui': [...below.workbench, 'workbench/manifest'],
  'workbench/explorer': face,
  'workbench/commands': face,
  'workbench/editor': face,
  'workbench/console': [...face, 'webview'],
  'workbench/debug': face,
  'workbench/workspace': face,

  // Builds the parts and hands them to each other.
  'extension.ts': ['client', 'language', 'model', 'engines', 'workbench', 'vscode'],
};

/** The module that VS Code gives to extensions: a room to the table, since few may import it. */
export const VSCODE = 'vscode';

/** The room of a file, by its path in `src`; undefined when the table has none for it. */
export function roomOf(path: string): string | undefined {
  return Object.keys(mayImport).find((room) => path === room || path.startsWith(`${room}/`));
}

/** The storey of a room. */
export function storeyOf(room: string): string {
  return room.split('/', 1)[0] ?? room;
}
