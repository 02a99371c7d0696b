import { t } from '@vscode/l10n';
import { element, type NewElement, writeXml } from '../../language/xml/build.ts';
import type { Disk, DiskSource } from './disk.ts';
import { splitHost } from './pool-xml.ts';

/** A disk to be added, or what a drive gets. */
export interface DiskPlan {
  readonly target: string;
  readonly device: Disk['device'];
  readonly bus: string;
  /** Undefined for an empty drive. */
  readonly source: DiskSource | undefined;
  /** Such as `qcow2`: never guessed by QEMU, since a guest could write another one. */
  readonly format: string;
  readonly readOnly?: boolean;
  readonly shareable?: boolean;
  /** Such as `none` or `writeback`. */
  readonly cache?: string;
  /** `unmap` gives back what the guest frees. */
  readonly discard?: 'unmap' | 'ignore';
  readonly serial?: string;
}

/** The XML of a disk, for attaching it. */
export function diskXml(plan: DiskPlan): string {
  const { device, source } = plan;
  return writeXml(
    element(
      'disk',
      { type: xmlType(source), device },
      element('driver', {
        name: 'qemu',
        type: plan.format,
        cache: plan.cache,
        discard: plan.discard,
      }),
      ...(source === undefined ? [] : [sourceXml(source)]),
      element('target', { dev: plan.target, bus: plan.bus }),
      ...(plan.readOnly === true || device === 'cdrom' ? [element('readonly')] : []),
      ...(plan.shareable === true ? [element('shareable')] : []),
      ...(plan.serial === undefined ? [] : [element('serial', {}, plan.serial)]),
    ),
  );
}

/** The XML of what a block job copies a disk to. */
export function copyXml(source: DiskSource, format: string): string {
  return writeXml(
    element('disk', { type: xmlType(source) }, element('driver', { type: format }), sourceXml(source)),
  );
}

function xmlType(source: DiskSource | undefined): string {
  return source === undefined ? 'file' : source.type === 'other' ? source.of : source.type;
}

function sourceXml(source: DiskSource): NewElement {
  switch (source.type) {
    case 'file':
      return element('source', { file: source.path });
    case 'block':
      return element('source', { dev: source.path });
    case 'dir':
      return element('source', { dir: source.path });
    case 'volume':
      return element('source', { pool: source.pool, volume: source.volume });
    case 'network':
      return element(
        'source',
        { protocol: source.protocol, name: source.name },
        ...source.hosts.map((host) => {
          const { name, port } = splitHost(host);
          return element('host', { name, port });
        }),
      );
    case 'other':
      throw new RangeError(t('A source of type {0} has parts that are not known here', source.of));
  }
}
