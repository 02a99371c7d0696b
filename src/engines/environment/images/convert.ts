import { basename } from 'node:path';
import { t } from '@vscode/l10n';
import type { DiskFormat } from '../file/model.ts';
import { replaceFile } from '../../../model/files/replace-file.ts';
import { ImageError } from './download.ts';

/** An image as QEMU is to read it: a whole file, or some bytes of one. */
export interface ConvertSource {
  readonly path: string;
  readonly format: DiskFormat;
  readonly part?: { readonly offset: number; readonly size: number } | undefined;
}

export interface ConvertOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((fraction: number) => void) | undefined;
  /** Nothing below this folder may be a link on the way to the target. */
  readonly inside?: string | undefined;
}

/**
 * Converts an image to qcow2; the target has its name only when it is whole. Parents of the image are not opened: the
 * caller checks first what the image refers to.
 * @throws ImageError
 */
export async function convertImage(
  source: ConvertSource,
  target: string,
  { signal, onProgress, inside }: ConvertOptions,
): Promise<void> {
  const { execa } = await import('execa');
  const name = basename(source.path);
  const convert = async (partial: string) => {
    const args = ['convert', '-p', '-O', 'qcow2', description(source), partial];
    const running = execa('qemu-img', args, {
      reject: false,
      cancelSignal: signal,
      stdin: 'ignore',
      buffer: { stdout: false },
    });
    running.stdout.on('data', (text: Buffer) => {
      const [, percent] = /\((\d+(?:\.\d+)?)\/100%\)\s*$/u.exec(text.toString('latin1')) ?? [];
      if (percent !== undefined) onProgress?.(Number(percent) / 100);
    });
    const { failed, stderr, code } = await running;
    signal.throwIfAborted();
    if (code === 'ENOENT')
      throw new ImageError(
        'bad-image',
        t('{0} has to be converted, and qemu-img is not installed', name),
        t('Install qemu-img. On Debian and Ubuntu, the package is qemu-utils.'),
      );
    if (failed)
      throw new ImageError(
        /No space left/u.test(stderr) ? 'no-space' : 'bad-image',
        t('{0} could not be converted: {1}', name, stderr.trim().split('\n').at(-1) ?? ''),
      );
  };
  await replaceFile(target, convert, { inside });
}

/** As QEMU's `json:` description, in which no character of a name has a meaning. */
function description({ path, format, part }: ConvertSource): string {
  const file = { driver: 'file', filename: path };
  const opened = part === undefined ? file : { driver: 'raw', ...part, file };
  const mayHaveParent = format === 'qcow2' || format === 'vmdk';
  return `json:${JSON.stringify({ driver: format, file: opened, ...(mayHaveParent ? { backing: null } : {}) })}`;
}
