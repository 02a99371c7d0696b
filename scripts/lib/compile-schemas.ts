import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SCHEMA_NAMES } from '../../src/language/schema/kinds.ts';
import { relaxngFolder } from '../../src/language/schema/schema-set.ts';
import { root } from './paths.ts';
import { SetupError } from './system-packages.ts';

/** Where the Debian package `libvirt-daemon` and others install libvirt's schemas. */
export const installedSchemas = '/usr/share/libvirt/schemas';

const compiledSchemas = join(root, 'dist', 'schemas');

/**
 * Writes the installed libvirt's schemas in their compact form into dist/schemas, and returns how many. A schema
 * that this libvirt does not have is left out.
 * @throws SetupError when libvirt's schemas are not installed
 */
export async function compileSchemas(folder = installedSchemas, target = compiledSchemas): Promise<number> {
  if (!existsSync(join(folder, 'domain.rng')))
    throw new SetupError(
      `libvirt's schemas are not in ${folder}: install libvirt (on Debian, libvirt-daemon).`,
    );
  await mkdir(target, { recursive: true });
  const source = relaxngFolder(folder);
  const present = SCHEMA_NAMES.filter((name) => existsSync(join(folder, `${name}.rng`)));
  for (const name of present)
    await writeFile(join(target, `${name}.json`), JSON.stringify(source.compiled(name)));
  return present.length;
}
