import type { SpiceWay } from './graphics.ts';

/** What remote-viewer reads (`.vv`). It deletes the file once it has read it. */
export function viewerFile({ address, port, tlsPort, password }: SpiceWay, title: string): string {
  const entries: readonly (readonly [string, string | number | undefined])[] = [
    ['type', 'spice'],
    ['host', isWildcard(address) ? '127.0.0.1' : address],
    ['port', port],
    ['tls-port', tlsPort],
    ['password', password],
    ['title', title],
    ['delete-this-file', 1],
  ];
  const lines = entries.flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${escaped(String(value))}`],
  );
  return `[virt-viewer]\n${lines.join('\n')}\n`;
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** A key file has a line for each entry: no value may begin another. */
function escaped(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replace(/^ /u, '\\s');
}
