import { open } from 'node:fs/promises';

const MAGIC: readonly (readonly [format: string, start: Buffer])[] = [
  ['qcow2', Buffer.from('QFI\u00fb', 'latin1')],
  ['vmdk', Buffer.from('KDMV')],
  ['vhdx', Buffer.from('vhdxfile')],
  ['qed', Buffer.from('QED\0')],
];

/** What the first bytes of a file of this machine say that it is, for a list; `raw` for all others. */
export async function imageFormat(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    const start = buffer.subarray(0, bytesRead);
    return MAGIC.find(([, magic]) => start.subarray(0, magic.length).equals(magic))?.[0] ?? 'raw';
  } finally {
    await file.close();
  }
}
