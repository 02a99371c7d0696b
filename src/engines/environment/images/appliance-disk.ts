import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { t } from '@vscode/l10n';
import type { ImagePart, QemuImage } from '../../../model/disk-image/qemu-img.ts';
import { openUntrusted } from '../../../model/disk-image/self-contained.ts';
import type { Member } from './appliance-files.ts';
import type { ApplianceDisk } from './ovf-disk.ts';

/** A disk that has to be decompressed before anybody knows what it is. */
export interface GzipDisk {
  readonly format: 'gzip';
  readonly path: string;
  readonly part: ImagePart | undefined;
  readonly disk: ApplianceDisk;
}

export type DiskSource = QemuImage | GzipDisk;

/** Programs that compress, by how what they write begins. */
const COMPRESSED: readonly Buffer[] = [
  Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
  Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
  Buffer.from('BZh'),
  Buffer.from('PK\u0003\u0004'),
];
const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);
const HEAD_BYTES = 1024;
const RAW_EXTENSIONS = new Set(['.raw', '.img', '.dd']);
/** Addresses with which tools say that a disk is its bytes. */
const RAW_FORMAT = /\braw\b|wiki\/byte/iu;

/**
 * How QEMU is to read a disk of an appliance. The bytes decide, not the name; a file without a known header is a raw
 * disk only where its name, the description or a partition table says so.
 * @throws SyntaxError with a sentence for people
 * @throws ImageError
 */
export async function sourceOf(
  member: Member,
  disk: ApplianceDisk,
  { isPart, signal }: { readonly isPart: boolean; readonly signal?: AbortSignal | undefined },
): Promise<DiskSource> {
  const { path, offset, size } = member;
  const part = isPart ? { offset, size } : undefined;
  const name = disk.file ?? '';
  const head = await headOf(member);
  if (startsWith(head, GZIP)) return { format: 'gzip', path, part, disk };
  if (COMPRESSED.some((magic) => startsWith(head, magic)))
    throw new SyntaxError(
      t('Disk {0} is compressed, and not with gzip: decompress it, and name the new file in the .ovf', name),
    );
  const { format } = await openUntrusted(path, { part, name, signal });
  if (format === 'iso') return { path, format: 'raw', part };
  // Anything else is not taken for a raw disk: it may be a format that refers to files.
  if (format === 'raw' && !isRaw(head, disk))
    throw new SyntaxError(
      t(
        'Disk {0} is in a format that is not known: convert it with “qemu-img convert -O qcow2”, and name the new file in the .ovf',
        name,
      ),
    );
  return { path, format, part };
}

function isRaw(head: Buffer, { file = '', format = '' }: ApplianceDisk): boolean {
  const extension = extname(file.replace(/\.gz$/iu, '')).toLowerCase();
  const hasPartitions =
    head.length >= 520 &&
    (head.readUInt16BE(510) === 0x55_aa || head.toString('latin1', 512, 520) === 'EFI PART');
  return RAW_EXTENSIONS.has(extension) || RAW_FORMAT.test(format) || hasPartitions;
}

async function headOf({ path, offset, size }: Member): Promise<Buffer> {
  await using file = await open(path, 'r');
  const head = Buffer.alloc(Math.min(HEAD_BYTES, size));
  const { bytesRead } = await file.read(head, 0, head.length, offset);
  return head.subarray(0, bytesRead);
}

function startsWith(bytes: Buffer, magic: Buffer): boolean {
  return bytes.subarray(0, magic.length).equals(magic);
}
