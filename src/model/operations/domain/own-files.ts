import { child, children, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';

/** What a file is to its domain: a disk, a medium that it only reads, or what an external snapshot left. */
export type FileRole = 'disk' | 'medium' | 'snapshot';

/** Where a domain says that a file or another source of bytes is. */
export type FilePlace =
  | { readonly kind: 'file'; readonly path: string }
  /** A device of the host, which may be a volume of a pool. */
  | { readonly kind: 'device'; readonly path: string }
  | { readonly kind: 'volume'; readonly pool: string; readonly name: string }
  /** Not on the host's disks, by a name for people: its protocol, or its type. */
  | { readonly kind: 'elsewhere'; readonly name: string };

/** A file that a domain names. */
export interface NamedFile {
  readonly role: FileRole;
  readonly place: FilePlace;
  /** The domain shares it with others on purpose. */
  readonly isShareable: boolean;
}

/** The disks and media of a definition. Devices of the host that are handed through (`lun`) are no files. */
export function disksIn(domain: XmlObject): readonly NamedFile[] {
  const found = children(child(domain, 'devices'), 'disk').map((disk): NamedFile | undefined => {
    const device = text(disk, '@device') ?? 'disk';
    const place = placeIn(text(disk, '@type'), child(disk, 'source'));
    if (device === 'lun' || place === undefined) return undefined;
    const isRead = device !== 'disk' || disk['readonly'] !== undefined;
    // A drive of the host, or the network: nothing that its domain would leave.
    if (isRead && (place.kind === 'device' || place.kind === 'elsewhere')) return undefined;
    return { role: isRead ? 'medium' : 'disk', place, isShareable: disk['shareable'] !== undefined };
  });
  return found.filter((each) => each !== undefined);
}

/** What an external snapshot keeps outside of libvirt's own records: disks of then and after, and the memory. */
export function snapshotFilesIn(snapshot: XmlObject): readonly NamedFile[] {
  const disks = children(child(snapshot, 'disks'), 'disk').filter(
    (disk) => text(disk, '@snapshot') === 'external',
  );
  const memory = child(snapshot, 'memory');
  const saved = text(memory, '@snapshot') === 'external' ? text(memory, '@file') : undefined;
  const before = disks.length === 0 ? [] : disksIn(child(snapshot, 'domain'));
  const places = [
    ...disks.map((disk) => placeIn(text(disk, '@type'), child(disk, 'source'))),
    ...before.flatMap(({ role, place }) => (role === 'disk' ? [place] : [])),
    saved === undefined ? undefined : ({ kind: 'file', path: saved } as const),
  ];
  return places.flatMap((place) =>
    place === undefined ? [] : [{ role: 'snapshot' as const, place, isShareable: false }],
  );
}

/** Undefined for an empty drive. */
function placeIn(type: string | undefined, source: XmlObject): FilePlace | undefined {
  const [file, device] = [text(source, '@file'), text(source, '@dev')];
  const [pool, name] = [text(source, '@pool'), text(source, '@volume')];
  switch (type ?? 'file') {
    case 'file':
      return file === undefined ? undefined : { kind: 'file', path: file };
    case 'block':
      return device === undefined ? undefined : { kind: 'device', path: device };
    case 'volume':
      return pool === undefined || name === undefined ? undefined : { kind: 'volume', pool, name };
    default: {
      const parts = [text(source, '@protocol') ?? type, text(source, '@name') ?? text(source, '@dir')];
      return { kind: 'elsewhere', name: parts.filter((part) => part !== undefined).join(' ') };
    }
  }
}
