import { line } from '../../../model/text/line.ts';
import { displayName } from '../../ui/names.ts';
import type { SpiceWay } from './graphics.ts';

/**
 * What remote-viewer reads (`.vv`). It deletes the file once it has read it.
 * @throws LineError when the domain's XML tells something that cannot stand in it
 */
export function viewerFile({ address, port, tlsPort, password }: SpiceWay, title: string): string {
  const entries: readonly (readonly [string, string | number | undefined])[] = [
    ['type', 'spice'],
    ['host', isWildcard(address) ? '127.0.0.1' : address],
    ['port', port],
    ['tls-port', tlsPort],
    ['password', password],
    ['title', displayName(title)],
    ['delete-this-file', 1],
  ];
  const lines = entries.flatMap(([key, value]) =>
    value === undefined ? [] : [line`${key}=${escaped(String(value))}`],
  );
  return `[virt-viewer]\n${lines.join('')}`;
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** As key files write what has a meaning in them; a password may have line ends. */
function escaped(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replace(/^ /u, '\\s');
}
