import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { t } from '@vscode/l10n';
import { faultIn } from './disk-error.ts';
import { ImageError } from './image-error.ts';
import { type ImageHeader, readImageHeader } from './image-header.ts';
import { imageDescription, type ImagePart, type QemuImage, qemuImg } from './qemu-img.ts';

/** Nothing but headers is read. */
const LOOK_MS = 30_000;
/** QEMU's drivers whose bytes come from another node; `file` ends the way. */
const CONTAINERS = new Set(['raw', 'qcow2', 'vmdk', 'vhdx', 'vdi', 'vpc']);
type Json = Readonly<Record<string, unknown>>;

/**
 * Reads the header of an image that may come from strangers, and lets it through only when QEMU, asked with the format
 * of the header, opens nothing with it but plain files beside or below it, and for a part of an archive nothing at all.
 * Our own reading comes first: QEMU would open what the image names, be it a pipe or an address in the network.
 * `name` is what people call it.
 * @throws ImageError
 */
export async function openUntrusted(
  path: string,
  {
    part,
    name = basename(path),
    signal,
  }: { part?: ImagePart | undefined; name?: string; signal?: AbortSignal | undefined } = {},
): Promise<ImageHeader> {
  const header = await readImageHeader(path, part);
  if (header.format === 'raw' && header.virtualBytes === 0) throw broken(t('{0} is empty', name));
  if (header.isCutOff === true) throw broken(t('{0} is cut off: its end is missing', name));
  if (header.refersToFiles) throw readsOthers(name);
  const { format } = header;
  // Raw bytes name nothing.
  if (format === 'raw' || format === 'iso') return header;
  const seen = await look({ path, format, part }, name, signal);
  if (!(await isAlone(seen, path, part))) throw readsOthers(name);
  const bytes = seen['virtual-size'];
  return { ...header, virtualBytes: typeof bytes === 'number' ? bytes : header.virtualBytes };
}

function broken(message: string): ImageError {
  return new ImageError('bad-image', message, t('Copy or download it again.'));
}

function readsOthers(name: string): ImageError {
  return new ImageError('bad-image', t('{0} reads other files of the host, which an image may not', name));
}

/** What QEMU says of an image. Its parents are named and not opened. */
async function look(source: QemuImage, name: string, signal: AbortSignal | undefined): Promise<Json> {
  const { failed, output, complaint } = await qemuImg(
    ['info', '--force-share', '--output=json', imageDescription(source)],
    t('{0} has to be checked, and qemu-img is not installed', name),
    { signal, timeoutMs: LOOK_MS },
  );
  if (failed && faultIn(complaint) === 'cut-off') throw broken(t('{0} is cut off: its end is missing', name));
  if (failed) throw broken(t('{0} is damaged or not supported: {1}', name, complaint));
  return JSON.parse(output) as Json;
}

async function isAlone(seen: Json, path: string, part: ImagePart | undefined): Promise<boolean> {
  if (seen['backing-filename'] !== undefined || seen['full-backing-filename'] !== undefined) return false;
  for (const opened of filesOpened(seen)) {
    if (opened === path) continue;
    if (part !== undefined || !(await isNear(opened, dirname(path)))) return false;
  }
  return true;
}

/** The files that QEMU opened, by its answer; an empty name stands for what it reached in another way. */
export function filesOpened(seen: unknown): readonly string[] {
  return namesIn(seen).flatMap(filesOf);
}

/** Every name of a file in QEMU's answer, whatever it belongs to: the image, an extent, a data file, a node below. */
function namesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]: [string, unknown]) =>
    typeof each !== 'string' ? namesIn(each) : /file(?:name)?$/u.test(key) ? [each] : [],
  );
}

function filesOf(name: string): readonly string[] {
  return name.startsWith('json:') ? filesOfNode(JSON.parse(name.slice('json:'.length))) : [name];
}

function filesOfNode(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  const { driver, filename } = node as Json;
  if (driver === 'file') return [typeof filename === 'string' ? filename : ''];
  if (typeof driver === 'string' && !CONTAINERS.has(driver)) return [''];
  return Object.values(node).flatMap(filesOfNode);
}

/** Whether it is a plain file in the folder or below it, where no link leads elsewhere. */
async function isNear(path: string, folder: string): Promise<boolean> {
  if (!isAbsolute(path)) return false;
  try {
    const way = relative(await realpath(folder), join(await realpath(dirname(path)), basename(path)));
    return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way) && (await lstat(path)).isFile();
  } catch {
    return false;
  }
}
