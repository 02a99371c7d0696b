import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { NoSpaceError, roomIn, SpaceGuard } from '../../../client/libvirt/storage/free-space.ts';
import type { Checksum } from '../file/model.ts';
import { DAY_MS, type Residue, sweep } from '../../../model/files/sweep.ts';
import { digestOfFile } from './finished.ts';
import { ImageError } from '../../../model/disk-image/image-error.ts';

export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Bytes so far, and in total if the server says so. */
  readonly onProgress?: (bytes: number, total: number | undefined) => void;
}

const ATTEMPTS = 4;
const PAUSE_MS = 500;
/** A server that is silent for this long is gone. */
const SILENCE_MS = 30_000;
/** Parts of downloads that nobody has gone on with, and of conversions by a release that named no process in them. */
const RESIDUES: readonly Residue[] = [
  { form: /\.[0-9a-f]{12}\.part$/u, forgottenMs: 7 * DAY_MS },
  { form: /\.qcow2\.part$/u, forgottenMs: DAY_MS },
];
/** More than any image that a server sends without telling its size. */
const UNTOLD_GIB = 64;
/** A list of checksums is text of some kilobytes; servers may pack gigabytes into those. */
const TEXT_MIB = 4;
const MIB = 1024 * 1024;

/**
 * Downloads a file, which appears at its path only when its checksum is right. What arrived before the connection broke
 * or somebody pressed Cancel is kept beside it, and the next call continues there; what is too much is removed. Only one
 * call at a time may download to a path.
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
  await sweep(dirname(path), RESIDUES);
  try {
    await persist(() => receive(url, partial, options), options.signal);
  } catch (error) {
    const explained = explain(error, url, path, options.signal);
    if (explained instanceof ImageError && explained.code !== 'network' && explained.code !== 'not-found')
      await rm(partial, { force: true });
    throw explained;
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
    // Packed bytes would have another length than the one that is told.
    headers: { 'Accept-Encoding': 'identity', ...(have === 0 ? {} : { Range: `bytes=${have}-` }) },
    signal: AbortSignal.any([signal, silence.signal]),
  });
  // The whole file was there already: the checksum decides.
  if (response.status === 416) return;
  if (!response.ok) throw new HttpError(response.status, `${response.status} ${response.statusText}`);
  const resumed = response.status === 206;
  const start = resumed ? have : 0;
  const length = lengthOf(response);
  const total = length === undefined ? undefined : start + length;
  if (length !== undefined && length > (await roomIn(dirname(partial))))
    throw noSpace(dirname(partial), length);
  const file = await open(partial, resumed ? 'a' : 'w', 0o644);
  const timer = setTimeout(() => silence.abort(new Error(t('the server stopped sending'))), SILENCE_MS);
  const guard = new SpaceGuard(dirname(partial));
  let received = start;
  try {
    for await (const chunk of response.body ?? []) {
      received += chunk.length;
      if (total === undefined) checkUntold(received, url);
      await guard.take(chunk.length);
      await file.write(chunk);
      timer.refresh();
      onProgress?.(received, total);
    }
  } finally {
    clearTimeout(timer);
    await file.close();
  }
  if (total !== undefined && received < total) throw new Error(t('the connection ended early'));
}

/** Of what the server is about to send, in bytes, if it tells that. */
function lengthOf({ headers }: Response): number | undefined {
  const text = headers.get('content-length') ?? '';
  return /^\d+$/u.test(text) && headers.get('content-encoding') === null ? Number(text) : undefined;
}

/** Node holds a server to what it has announced. */
function checkUntold(received: number, url: string): void {
  if (received <= UNTOLD_GIB * 1024 * MIB) return;
  throw new ImageError(
    'bad-image',
    t('{0} sent more than {1} GiB for {2}', hostOf(url), UNTOLD_GIB, nameOf(url)),
    t('What had arrived was deleted. Check the address of the image.'),
  );
}

class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function isWorthAnother(error: unknown): boolean {
  if (error instanceof ImageError || error instanceof NoSpaceError) return false;
  if (error instanceof HttpError) return error.status >= 500;
  return (error as NodeJS.ErrnoException).code !== 'ENOSPC';
}

function noSpace(folder: string, needed?: number): ImageError {
  return new ImageError(
    'no-space',
    needed === undefined
      ? t('There is no space for the image in {0}', folder)
      : t('There is no space for the image in {0}: it needs {1} MiB', folder, Math.ceil(needed / MIB)),
    t('Make room there, or choose another folder in the setting kvm.images.folder.'),
  );
}

function explain(error: unknown, url: string, path: string, signal: AbortSignal): unknown {
  if (signal.aborted || error instanceof ImageError) return error;
  const options = { cause: error };
  if (error instanceof NoSpaceError || (error as NodeJS.ErrnoException).code === 'ENOSPC')
    return noSpace(dirname(path));
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

/** Small text, such as a list of checksums. @throws ImageError */
export async function downloadText(url: string, signal: AbortSignal): Promise<string> {
  try {
    return await persist(async () => {
      const late = AbortSignal.timeout(SILENCE_MS);
      const response = await fetch(url, { signal: AbortSignal.any([signal, late]) });
      if (!response.ok) throw new HttpError(response.status, `${response.status} ${response.statusText}`);
      return textOf(response, url);
    }, signal);
  } catch (error) {
    throw explain(error, url, join('/', basename(url)), signal);
  }
}

/** The text behind an answer, which may be far longer than what came over the wire. */
async function textOf(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > TEXT_MIB * MIB)
      throw new ImageError(
        'bad-image',
        t('{0} from {1} is longer than {2} MiB', nameOf(url), hostOf(url), TEXT_MIB),
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
