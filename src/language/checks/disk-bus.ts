import { attributeBelow } from '../xml/find.ts';
import { attributeOf, childElement, type XmlAttribute, type XmlElement } from '../xml/tree.ts';

/** The bus that a disk's name implies when none is written. */
const IMPLIED: readonly (readonly [prefix: string, bus: string])[] = [
  ['hd', 'ide'],
  ['sd', 'scsi'],
  ['vd', 'virtio'],
  ['fd', 'fdc'],
  ['xvd', 'xen'],
];

export interface DiskTarget {
  readonly dev: XmlAttribute | undefined;
  readonly bus: string;
  /** Where the bus is said. */
  readonly place: XmlAttribute | undefined;
}

/** What a disk is called in the guest, and how it is attached. */
export function targetOf(disk: XmlElement): DiskTarget {
  const target = childElement(disk, 'target');
  const dev = target && attributeOf(target, 'dev');
  const written = attributeBelow(disk, 'target@bus');
  const implied = IMPLIED.find(([prefix]) => dev?.value.startsWith(prefix))?.[1];
  return { dev, bus: written?.value ?? implied ?? '', place: written ?? dev };
}

/** The place of a disk among those of its letter: 0 for `sda`, 26 for `sdaa`; undefined when its name has no letter. */
export function indexOfName(name: string): number | undefined {
  const [, letters] = /^(?:xvd|[a-z]d)([a-z]{1,4})$/.exec(name) ?? [];
  if (letters === undefined) return undefined;
  let index = 0;
  for (const letter of letters) index = index * 26 + letter.charCodeAt(0) - 96;
  return index - 1;
}

/** A name with this prefix that no disk has. */
export function freeName(disks: readonly XmlElement[], prefix: string): string {
  const taken = new Set(disks.map((disk) => targetOf(disk).dev?.value));
  for (let code = 97; code <= 122; code += 1) {
    const name = prefix + String.fromCharCode(code);
    if (!taken.has(name)) return name;
  }
  return `${prefix}aa`;
}
