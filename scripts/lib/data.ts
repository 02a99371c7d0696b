import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compileDocumentation } from './documentation/compile.ts';
import { compileSchemas } from './compile-schemas.ts';
import { SetupError } from './system-packages.ts';

/** Debian's copy of libvirt's licence, which goes wherever its schemas and its documentation go. */
const NOTICES = ['/usr/share/doc/libvirt-daemon/copyright', '/usr/share/doc/libvirt-doc/copyright'];

/**
 * Compiles the installed libvirt's schemas and documentation into dist. The extension works without them, only with
 * less: what is missing is said, and the build goes on.
 */
export async function buildData(dist: string): Promise<void> {
  await mkdir(dist, { recursive: true });
  const made = await Promise.all([
    orWarn(compileSchemas(undefined, join(dist, 'schemas'))),
    orWarn(compileDocumentation(undefined, join(dist, 'docs'))),
  ]);
  if (made.includes(true)) await copyNotice(join(dist, 'libvirt-notice.txt'));
}

async function orWarn(work: Promise<number>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.warn(`The XML editor will know less: ${error.message}`);
    return false;
  }
}

async function copyNotice(target: string): Promise<void> {
  for (const notice of NOTICES) {
    try {
      await copyFile(notice, target);
      return;
    } catch {
      // The other package has the same one.
    }
  }
  throw new SetupError(
    'libvirt\u2019s licence is in none of its packages: its files may not be packaged without it.',
  );
}
