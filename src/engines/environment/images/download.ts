import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import type { Checksum } from '../file/model.ts';

/** An image cannot be used: why, and what to do. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: 'checksum' | 'network' | 'no-space' | 'not-found' | 'bad-image';
  readonly hint: string | undefined;

  constructor(code: ImageError['code'], message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Bytes so far, and in total if the server says so. */
  readonly onProgress?: (bytes: number, total: number | undefined) => void;
}

const ATTEMPTS = 4;
const PAUSE_MS = 500;
/** A server that is silent for this long is gone. */
const SILENCE_MS = 30_000;
/** What a download leaves free for others. */
const SPARE_BYTES = 64 * 1024 * 1024;

/**
 * Downloads a file, which appears at its path only when its checksum is right. What arrived before the connection broke
 * or somebody pressed Cancel is kept beside it, and the next call continues there.
 * @throws ImageError
 */
export async function download(
  url: string,
  path: string,
  checksum: Checksum,
  options: DownloadOptions,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${checksum.digest.slice(0, 12)}.part`;
  try {
    await persist(() => receive(url, partial, options), options.signal);
  } catch (error) {
    throw explain(error, url, path, options.signal);
  }
  await verify(partial, checksum, url, options.signal);
  await rename(partial, path);
}

/** Tries again where that may help. */
async function persist<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isWorthAnother(error) || attempt === ATTEMPTS || signal.aborted) throw error;
      await sleep(PAUSE_MS * attempt, undefined, { signal });
    }
  }
}

async function receive(url: string, partial: string, { signal, onProgress }: DownloadOptions): Promise<void> {
  const have = await sizeOf(partial);
  const silence = new AbortController();
  const response = await fetch(url, {
    headers: have === 0 ? {} : { Range: `bytes=${have}-` },
    signal: AbortSignal.any([signal, silence.signal]),
  });
  // The whole file was there already: the checksum decides.
  if (response.status === 416) return;
  if (!response.ok) throw new HttpError(response.status, `${response.status} ${response.statusText}`);
  const resumed = response.status === 206;
  const start = resumed ? have : 0;
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  const total = Number.isNaN(length) ? undefined : start + length;
  await checkSpace(partial, Number.isNaN(length) ? 0 : length);
  const file = await open(partial, resumed ? 'a' : 'w', 0o644);
  const timer = setTimeout(() => silence.abort(new Error(t('the server stopped sending'))), SILENCE_MS);
  let received = start;
  try {
    for await (const chunk of response.body ?? []) {
      await file.write(chunk);
      received += chunk.length;
      timer.refresh();
      onProgress?.(received, total);
    }
  } finally {
    clearTimeout(timer);
    await file.close();
  }
  if (total !== undefined && received < total) throw new Error(t('the connection ended early'));
}

class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function isWorthAnother(error: unknown): boolean {
  if (error instanceof ImageError) return false;
  if (error instanceof HttpError) return error.status >= 500;
  return (error as NodeJS.ErrnoException).code !== 'ENOSPC';
}

async function checkSpace(partial: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(partial));
  if (needed > bavail * bsize - Math.min(SPARE_BYTES, needed)) throw noSpace(dirname(partial), needed);
}

function noSpace(folder: string, needed?: number): ImageError {
  return new ImageError(
    'no-space',
    needed === undefined
      ? t('There is no space for the image in {0}', folder)
      : t('There is no space for the image in {0}: it needs {1} MiB', folder, mibOf(needed)),
    t('Make room there, or choose another folder in the setting kvm.images.folder.'),
  );
}

function mibOf(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024);
}

function explain(error: unknown, url: string, path: string, signal: AbortSignal): unknown {
  if (signal.aborted || error instanceof ImageError) return error;
  const options = { cause: error };
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return noSpace(dirname(path));
  if (error instanceof HttpError)
    return new ImageError(
      error.status === 404 ? 'not-found' : 'network',
      t('{0} did not deliver {1}: {2}', hostOf(url), nameOf(url), error.message),
      undefined,
      options,
    );
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ImageError(
    'network',
    t('{0} could not be downloaded from {1}: {2}', nameOf(url), hostOf(url), why),
    t('The part that arrived is kept: try again when the network is back.'),
    options,
  );
}

function hostOf(url: string): string {
  return new URL(url).host;
}

function nameOf(url: string): string {
  return basename(new URL(url).pathname);
}

async function verify(path: string, checksum: Checksum, url: string, signal: AbortSignal): Promise<void> {
  const digest = await digestOfFile(path, checksum.algorithm, signal);
  if (digest === checksum.digest) return;
  // Continuing it would never make it right.
  await rm(path, { force: true });
  throw new ImageError(
    'checksum',
    t(
      '{0} from {1} has the wrong {2} checksum: {3}… instead of {4}…',
      nameOf(url),
      hostOf(url),
      checksum.algorithm,
      digest.slice(0, 16),
      checksum.digest.slice(0, 16),
    ),
    t('The file was deleted. Check the expected checksum, and what stands between you and the server.'),
  );
}

async function digestOfFile(path: string, algorithm: string, signal: AbortSignal): Promise<string> {
  const hash: Hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, signal }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Small text, such as a list of checksums. @throws ImageError */
export async function downloadText(url: string, signal: AbortSignal): Promise<string> {
  try {
    return await persist(async () => {
      const late = AbortSignal.timeout(SILENCE_MS);
      const response = await fetch(url, { signal: AbortSignal.any([signal, late]) });
      if (!response.ok) throw new HttpError(response.status, `${response.status} ${response.statusText}`);
      return response.text();
    }, signal);
  } catch (error) {
    throw explain(error, url, join('/', basename(url)), signal);
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
