import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { t } from '@vscode/l10n';
import { withLock } from '../../../model/files/lock.ts';
import type { DiskFormat } from '../../../model/disk-image/qemu-img.ts';
import type { ImageSource } from '../file/model.ts';
import { CATALOGUE, type CatalogueImage } from './catalogue.ts';
import { convertImage } from './convert.ts';
import { checksumIn, parseChecksum } from './checksum-list.ts';
import { download, downloadText, type DownloadOptions } from './download.ts';
import { digestOfFile, isFinished, noteFinished } from './finished.ts';
import { ImageError } from '../../../model/disk-image/image-error.ts';
import { readImageHeader } from '../../../model/disk-image/image-header.ts';
import { openUntrusted } from '../../../model/disk-image/self-contained.ts';

/** An image on this machine that guests start from. Nobody writes to it. */
export interface StoredImage {
  readonly path: string;
  readonly format: 'qcow2' | 'raw';
  /** What a guest sees. */
  readonly virtualBytes: number;
  /** Unique, and short enough for the name of a file. */
  readonly key: string;
}

export interface EnsureOptions extends DownloadOptions {
  /** The conversion that formats other than QEMU's need. */
  readonly onConvert?: (fraction: number) => void;
}

/** The images that people added to the catalogue. */
export type AddedImage = Pick<CatalogueImage, 'name' | 'url' | 'checksum'>;

/** How many digits of a digest begin the name of a file. */
const KEY_LENGTH = 12;
/** How much of the name of a file names its lock: file systems bound names. */
const LOCK_LENGTH = 100;

/**
 * The folder of a user's base images: downloaded once, converted where QEMU needs it, and only read from then on. A
 * file is used only when the note beside it says that it is whole; windows and guests that need the same one wait for
 * each other.
 */
export class ImageStore {
  readonly folder: string;
  readonly #added: () => readonly AddedImage[];
  /** Guests that start from the same image share one download. */
  readonly #running = new Map<string, Promise<StoredImage>>();

  constructor(folder: string, added: () => readonly AddedImage[] = () => []) {
    this.folder = folder;
    this.#added = added;
  }

  /** All that a kvm.yaml may name; people's own go before ours. */
  get catalogue(): readonly CatalogueImage[] {
    const added = this.#added().map((image) => ({
      ...image,
      title: image.name,
      format: 'qcow2' as const,
      memoryGib: 1,
    }));
    return [...added, ...CATALOGUE.filter(({ name }) => !added.some((own) => own.name === name))];
  }

  /** Provides the image on this machine. @throws ImageError */
  async ensure(
    source: Exclude<ImageSource, { kind: 'volume' }>,
    options: EnsureOptions,
  ): Promise<StoredImage> {
    const key = JSON.stringify(source);
    const running =
      this.#running.get(key) ?? this.#ensure(source, options).finally(() => this.#running.delete(key));
    this.#running.set(key, running);
    return running;
  }

  async #ensure(
    source: Exclude<ImageSource, { kind: 'volume' }>,
    options: EnsureOptions,
  ): Promise<StoredImage> {
    if (source.kind === 'file') return this.#fromFile(source.path, options);
    const wanted = source.kind === 'url' ? source : await this.#resolve(source.name, options.signal);
    if ('path' in wanted) return this.#usable(wanted.path, wanted.key, wanted.format, options);
    const { url, checksum, format } = wanted;
    const path = join(this.folder, `${checksum.digest.slice(0, KEY_LENGTH)}-${fileOf(url)}`);
    await this.#once(path, options.signal, async () => {
      if ((await digestOf(path, checksum.algorithm, options.signal)) === checksum.digest) return;
      await download(url, path, checksum, options);
      await chmod(path, 0o444);
    });
    return this.#usable(path, checksum.digest.slice(0, KEY_LENGTH), format, options);
  }

  /** Makes a file of the store unless it is there and whole. */
  async #once(path: string, signal: AbortSignal, make: () => Promise<void>): Promise<void> {
    if (await isFinished(path, signal)) return;
    await mkdir(this.folder, { recursive: true });
    await withLock(
      join(this.folder, `.${basename(path).slice(0, LOCK_LENGTH)}.lock`),
      async () => {
        // Whoever had the lock before may have made it.
        if (await isFinished(path, signal)) return;
        await make();
        await noteFinished(path, signal);
      },
      { signal },
    );
  }

  /** Which file a name means today. While the list cannot be read, an earlier download will do. */
  async #resolve(name: string, signal: AbortSignal) {
    const image = this.catalogue.find((each) => each.name === name);
    if (image === undefined) throw new ImageError('not-found', t('The catalogue has no image “{0}”', name));
    const file = fileOf(image.url);
    const known = parseChecksum(image.checksum);
    let list = '';
    try {
      if (known === undefined) list = await downloadText(image.checksum, signal);
    } catch (error) {
      const stored = await this.#newest(file, signal);
      if (stored === undefined || signal.aborted) throw error;
      return { ...stored, format: image.format };
    }
    const checksum = known ?? checksumIn(list, file);
    if (checksum === undefined)
      throw new ImageError(
        'checksum',
        t('{0} has no checksum of {1}, which is not downloaded without one', image.checksum, file),
      );
    return { url: image.url, checksum, format: image.format };
  }

  async #newest(file: string, signal: AbortSignal): Promise<{ path: string; key: string } | undefined> {
    const names = await readdir(this.folder).catch((): string[] => []);
    const found = await Promise.all(
      names
        .filter((name) => name.slice(KEY_LENGTH) === `-${file}`)
        .map(async (name) => ({ name, time: (await stat(join(this.folder, name))).mtimeMs })),
    );
    for (const { name } of found.toSorted((a, b) => b.time - a.time)) {
      const path = join(this.folder, name);
      if (await isFinished(path, signal)) return { path, key: name.slice(0, KEY_LENGTH) };
    }
    return undefined;
  }

  async #fromFile(path: string, options: EnsureOptions): Promise<StoredImage> {
    const { size, mtimeMs } = await stat(path);
    const key = createHash('sha256')
      .update(`${path}\0${size}\0${mtimeMs}`)
      .digest('hex')
      .slice(0, KEY_LENGTH);
    return this.#usable(path, key, undefined, options);
  }

  /** libvirt's overlays start from qcow2 or raw: any other format is converted once. */
  async #usable(
    path: string,
    key: string,
    expected: DiskFormat | undefined,
    options: EnsureOptions,
  ): Promise<StoredImage> {
    const { signal } = options;
    const header = await openUntrusted(path, { signal });
    if (expected !== undefined && expected !== 'raw' && header.format !== expected && header.format === 'raw')
      throw new ImageError('bad-image', t('{0} is not a {1} image', basename(path), expected));
    const { format, virtualBytes } = header;
    if (format === 'qcow2' || format === 'raw' || format === 'iso')
      return {
        path,
        format: format === 'qcow2' ? 'qcow2' : 'raw',
        virtualBytes: virtualBytes ?? 0,
        key,
      };
    const converted = join(this.folder, `${key}-${basename(path, extname(path))}.qcow2`);
    const onProgress = (fraction: number) => options.onConvert?.(fraction);
    await this.#once(converted, signal, async () =>
      convertImage({ path, format }, converted, { signal, onProgress }),
    );
    const made = await readImageHeader(converted);
    return { path: converted, format: 'qcow2', virtualBytes: made.virtualBytes ?? 0, key };
  }
}

/** The name of the file that a URL leads to. */
function fileOf(url: string): string {
  return basename(new URL(url).pathname).replaceAll(/[^A-Za-z0-9._-]/gu, '_');
}

/** Undefined for what is not there. */
async function digestOf(path: string, algorithm: string, signal: AbortSignal): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true ? digestOfFile(path, algorithm, signal) : undefined;
}
