import type { VolumeInfo } from '../../../client/libvirt/storage/volume.ts';
import { child, parseXml, text } from '../../../client/libvirt/xml-object.ts';
import { bytes } from './bytes.ts';

/** Sizes in bytes. */
export interface VolumeDetails {
  /** Such as `file`, `block` or `network`. */
  readonly type: VolumeInfo['type'];
  /** What is in it, such as `qcow2`; undefined where pools of its type have no formats. */
  readonly format: string | undefined;
  /** What a guest sees. */
  readonly capacity: bigint;
  /** What it takes of the pool. */
  readonly allocation: bigint;
  /** The file that it keeps only the difference from. */
  readonly backing: VolumeBacking | undefined;
  /** Its data can be read only with a secret. */
  readonly encrypted: boolean;
}

export interface VolumeBacking {
  readonly path: string;
  readonly format: string | undefined;
}

const TYPES: ReadonlySet<string> = new Set<VolumeInfo['type']>([
  'file',
  'block',
  'dir',
  'network',
  'netdir',
  'ploop',
]);

/** What the XML of a volume says of it. @throws Error when it is no XML. */
export function readVolumeDetails(xml: string): VolumeDetails {
  const volume = child(parseXml(xml), 'volume');
  const target = child(volume, 'target');
  const backing = child(volume, 'backingStore');
  const path = text(backing, 'path');
  const type = text(volume, '@type') ?? 'file';
  return {
    type: isType(type) ? type : 'other',
    format: text(child(target, 'format'), '@type'),
    capacity: bytes(volume, 'capacity') ?? 0n,
    allocation: bytes(volume, 'allocation') ?? 0n,
    backing: path === undefined ? undefined : { path, format: text(child(backing, 'format'), '@type') },
    encrypted: target['encryption'] !== undefined,
  };
}

function isType(type: string): type is VolumeInfo['type'] {
  return TYPES.has(type);
}
