/** One entry of an archive. A folder has no data; `data` of a link is where it leads. */
export interface Entry {
  /** Without a leading slash. */
  readonly path: string;
  /** Type and permissions, as in `st_mode`. */
  readonly mode: number;
  readonly data?: Uint8Array;
}

export const FOLDER = 0o040755;
export const PROGRAM = 0o100755;
export const FILE = 0o100644;
export const LINK = 0o120777;

/** The archive that Linux unpacks as its first file system (`newc`); everything belongs to root. */
export function cpio(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = [];
  for (const [index, entry] of [...entries, { path: 'TRAILER!!!', mode: 0 }].entries())
    parts.push(header(entry, index + 1), padded(Buffer.from(entry.data ?? [])));
  return Buffer.concat(parts);
}

function header({ path, mode, data }: Entry, inode: number): Buffer {
  const name = Buffer.from(`${path}\0`);
  const links = 1;
  const fields = [inode, mode, 0, 0, links, 0, data?.length ?? 0, 0, 0, 0, 0, name.length, 0];
  const hex = fields.map((field) => field.toString(16).padStart(8, '0')).join('');
  return padded(Buffer.concat([Buffer.from(`070701${hex}`), name]));
}

function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc(-data.length & 3)]);
}
