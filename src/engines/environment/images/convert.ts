import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DiskFormat } from '../file/model.ts';
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
}

/**
 * Makes a qcow2 of an image; it has its name only when it is whole. What the image may refer to has to be looked at
 * before: parents are not opened.
 * @throws ImageError
 */
export async function convertImage(
  source: ConvertSource,
  target: string,
  { signal, onProgress }: ConvertOptions,
): Promise<void> {
  const { execa } = await import('execa');
  const partial = `${target}.part`;
  const name = basename(source.path);
  try {
    const running = execa('qemu-img', ['convert', '-p', '-O', 'qcow2', description(source), partial], {
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
        `${name} has to be converted, and there is no qemu-img`,
        'Install it: on Debian and Ubuntu it is in qemu-utils.',
      );
    if (failed)
      throw new ImageError(
        /No space left/u.test(stderr) ? 'no-space' : 'bad-image',
        `${name} could not be converted: ${stderr.trim().split('\n').at(-1) ?? ''}`,
      );
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** In QEMU's JSON, where a name is nothing but a name. */
function description({ path, format, part }: ConvertSource): string {
  const file = { driver: 'file', filename: path };
  const opened = part === undefined ? file : { driver: 'raw', ...part, file };
  const mayHaveParent = format === 'qcow2' || format === 'vmdk';
  return `json:${JSON.stringify({ driver: format, file: opened, ...(mayHaveParent ? { backing: null } : {}) })}`;
}
