import { stat } from 'node:fs/promises';
import type { Extent } from '../../client/libvirt/storage/transfers.ts';
import { qemuImg } from '../disk-image/qemu-img.ts';

/** With less than this in holes, reading everything is as quick as asking. */
const WORTH_BYTES = 16 * 1024 * 1024;
const BLOCK_BYTES = 512;
const TIMEOUT_MS = 20_000;

/**
 * Where a file of this machine has data, as its file system says it. Undefined when it has all of it, or nobody can say:
 * then it has to be read. @throws Error when the file is not there
 */
export async function dataExtents(
  path: string,
  signal?: AbortSignal,
): Promise<readonly Extent[] | undefined> {
  const { size, blocks } = await stat(path);
  if (size - blocks * BLOCK_BYTES < WORTH_BYTES) return undefined;
  const image = `json:${JSON.stringify({ driver: 'raw', file: { driver: 'file', filename: path } })}`;
  try {
    // Node cannot ask a file system for holes.
    const { failed, output } = await qemuImg(['map', '-U', '--output=json', image], '', {
      signal,
      timeoutMs: TIMEOUT_MS,
    });
    return failed ? undefined : readMap(output);
  } catch (error) {
    if (signal?.aborted === true) throw error;
    return undefined;
  }
}

/** What `qemu-img map --output=json` says. @throws Error when it says something else */
function readMap(output: string): readonly Extent[] {
  const ranges = JSON.parse(output) as unknown;
  if (!Array.isArray(ranges)) throw new TypeError('The map of an image is a list');
  const extents: Extent[] = [];
  for (const range of ranges as readonly Readonly<Record<string, unknown>>[]) {
    const { start, length, data } = range;
    if (typeof start !== 'number' || typeof length !== 'number' || typeof data !== 'boolean')
      throw new TypeError('A range of a map has a start, a length and whether it has data');
    if (data) extents.push({ start, length });
  }
  return extents;
}
