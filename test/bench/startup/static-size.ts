import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** `import … from "./x.js"` and `import "./x.js"`, but not `import("./x.js")`. */
const STATIC_IMPORT = /\b(?:import|export)(?:[^"'();]*\bfrom)?\s*["'](\.{1,2}\/[^"']+)["']/g;

/** The bytes of a module and of all that is loaded with it, each once. */
export async function staticSize(entry: string): Promise<number> {
  const seen = new Set<string>();
  let bytes = 0;
  async function add(file: string): Promise<void> {
    if (seen.has(file)) return;
    seen.add(file);
    const code = await readFile(file);
    bytes += code.length;
    for (const [, path = ''] of code.toString().matchAll(STATIC_IMPORT)) await add(join(dirname(file), path));
  }
  await add(entry);
  return bytes;
}
