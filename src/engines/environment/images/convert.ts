import { dirname, basename } from 'node:path';
import { t } from '@vscode/l10n';
import { withRoom } from '../../../client/libvirt/storage/free-space.ts';
import { replaceFile } from '../../../model/files/replace-file.ts';
import { ImageError } from '../../../model/disk-image/image-error.ts';
import { imageDescription, type QemuImage, qemuImg } from '../../../model/disk-image/qemu-img.ts';
import { openUntrusted } from '../../../model/disk-image/self-contained.ts';

export interface ConvertOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((fraction: number) => void) | undefined;
  /** Nothing below this folder may be a link on the way to the target. */
  readonly inside?: string | undefined;
}

/**
 * Converts an image to qcow2; the target has its name only when it is whole and safe on the disk. An image that is not
 * alone is not converted.
 * @throws ImageError
 * @throws NoSpaceError
 */
export async function convertImage(
  source: QemuImage,
  target: string,
  { signal, onProgress, inside }: ConvertOptions,
): Promise<void> {
  const { path, part } = source;
  const { format } = await openUntrusted(path, { part, signal });
  if (format !== source.format && !(format === 'iso' && source.format === 'raw'))
    throw new ImageError('bad-image', t('{0} is not a {1} image', basename(path), source.format));
  await replaceFile(
    target,
    async (partial) =>
      withRoom(dirname(target), signal, async (ending) => run(source, partial, ending, onProgress)),
    { inside },
  );
}

async function run(
  source: QemuImage,
  partial: string,
  signal: AbortSignal,
  onProgress: ConvertOptions['onProgress'],
): Promise<void> {
  const name = basename(source.path);
  const { failed, complaint } = await qemuImg(
    ['convert', '-p', '-O', 'qcow2', imageDescription(source), partial],
    t('{0} has to be converted, and qemu-img is not installed', name),
    {
      signal,
      onOutput: (text) => {
        const [, percent] = /\((\d+(?:\.\d+)?)\/100%\)\s*$/u.exec(text) ?? [];
        if (percent !== undefined) onProgress?.(Number(percent) / 100);
      },
    },
  );
  if (failed)
    throw new ImageError(
      /No space left/u.test(complaint) ? 'no-space' : 'bad-image',
      t('{0} could not be converted: {1}', name, complaint),
    );
}
