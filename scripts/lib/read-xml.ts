import { readFile } from 'node:fs/promises';

const DECLARED = /^<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)["']/;

/** A file's text in the encoding that it says it has: by its first bytes, else by its declaration, else UTF-8. */
export async function readXml(file: string): Promise<string> {
  const bytes = await readFile(file);
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const [, declared = 'utf-8'] = DECLARED.exec(bytes.toString('latin1', 0, 200)) ?? [];
  try {
    return new TextDecoder(declared, { ignoreBOM: true }).decode(bytes);
  } catch {
    // Nobody knows the encoding: what is plain in it can be read all the same.
    return bytes.toString('utf8');
  }
}
