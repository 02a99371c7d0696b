import { element, writeXml } from '../../language/xml/build.ts';

/** A new volume. Sizes in bytes. */
export interface VolumePlan {
  readonly name: string;
  /** What a guest will see. A file that is uploaded whole needs no more than 0. */
  readonly capacity: bigint;
  /** What is taken of the pool at once; without it the pool decides, with 0 nothing is. */
  readonly allocation?: bigint;
  /** Such as `qcow2`; pools whose volumes have no formats take none. */
  readonly format?: string;
  /** What it keeps only the differences from. */
  readonly backing?: { readonly path: string; readonly format: string };
  /** The libvirt secret with which its data are encrypted, as LUKS. */
  readonly secret?: string;
}

/** The XML of a volume, with what its plan says and nothing else. */
export function volumeXml(plan: VolumePlan): string {
  const { name, capacity, allocation, format, backing, secret } = plan;
  return writeXml(
    element(
      'volume',
      {},
      element('name', {}, name),
      element('capacity', {}, String(capacity)),
      ...(allocation === undefined ? [] : [element('allocation', {}, String(allocation))]),
      ...(format === undefined && secret === undefined
        ? []
        : [
            element(
              'target',
              {},
              ...(format === undefined ? [] : [element('format', { type: format })]),
              ...(secret === undefined
                ? []
                : [
                    element(
                      'encryption',
                      { format: 'luks' },
                      element('secret', { type: 'passphrase', uuid: secret }),
                    ),
                  ]),
            ),
          ]),
      ...(backing === undefined
        ? []
        : [
            element(
              'backingStore',
              {},
              element('path', {}, backing.path),
              element('format', { type: backing.format }),
            ),
          ]),
    ),
  );
}

/** The XML of an empty raw volume of that name, which grows with what is uploaded to it. */
export function rawVolumeXml(name: string): string {
  return volumeXml({ name, capacity: 0n, format: 'raw' });
}
