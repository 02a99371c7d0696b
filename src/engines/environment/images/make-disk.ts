import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { t } from '@vscode/l10n';
import { NoSpaceError, SpaceGuard } from '../../../client/libvirt/storage/free-space.ts';
import { ImageError } from '../../../model/disk-image/image-error.ts';
import { checkInside } from '../../../model/files/inside.ts';
import { withTemporaryFolder } from '../../../model/files/temporary.ts';
import { type DiskSource, type GzipDisk, sourceOf } from './appliance-disk.ts';
import { convertImage, type ConvertOptions } from './convert.ts';

/** Of the whole time, what decompressing takes. */
const FIRST_SHARE = 0.5;

/**
 * Makes a qcow2 file of a disk of an appliance, as {@link convertImage} does; a compressed one is decompressed beside
 * the target first.
 * @throws ImageError
 * @throws NoSpaceError
 * @throws SyntaxError for a compressed file that is no disk
 */
export async function makeDisk(source: DiskSource, target: string, options: ConvertOptions): Promise<void> {
  if (source.format !== 'gzip') return convertImage(source, target, options);
  const { signal, onProgress, inside } = options;
  if (inside !== undefined) await checkInside(target, inside);
  await withTemporaryFolder(target, async (folder) => {
    const path = join(folder, 'disk');
    await decompress(source, path, signal, (fraction) => onProgress?.(fraction * FIRST_SHARE));
    const { size } = await stat(path);
    const inner = await sourceOf({ path, offset: 0, size }, source.disk, { isPart: false, signal });
    if (inner.format === 'gzip')
      throw new SyntaxError(
        t('Disk {0} is compressed twice, which is not supported', source.disk.file ?? ''),
      );
    await convertImage(inner, target, {
      ...options,
      onProgress: (fraction) => onProgress?.(FIRST_SHARE + fraction * (1 - FIRST_SHARE)),
    });
  });
}

async function decompress(
  { path, part, disk }: GzipDisk,
  target: string,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<void> {
  const range = part === undefined ? {} : { start: part.offset, end: part.offset + part.size - 1 };
  const total = part?.size ?? (await stat(path)).size;
  const input = createReadStream(path, range);
  const guard = new SpaceGuard(dirname(target));
  const guarded = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      await guard.take(chunk.length);
      onProgress(Math.min(input.bytesRead / total, 1));
      yield chunk;
    }
  };
  try {
    await pipeline(input, createGunzip(), guarded, createWriteStream(target), { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof NoSpaceError) throw error;
    throw new ImageError(
      'bad-image',
      t('Disk {0} could not be decompressed: {1}', disk.file ?? '', (error as Error).message),
      undefined,
      { cause: error },
    );
  }
}
