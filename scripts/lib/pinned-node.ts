import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { CannotRunError } from './cannot-run.ts';
import { root } from './paths.ts';

const home = join(root, 'node_modules', `node-linux-${process.arch}`);

/** A folder with `bin/node` and the headers of the same version under `include/node`. */
export async function pinnedNodeHome(): Promise<string> {
  try {
    await access(join(home, 'bin', 'node'));
    await access(join(home, 'include', 'node', 'node.h'));
  } catch {
    throw new CannotRunError(
      `There is no packaged Node for ${process.platform} ${process.arch} in node_modules; ` +
        `code-server cannot be built here.`,
    );
  }
  return home;
}

/** `PATH` with the pinned Node before every other one. */
export function pathWith(nodeHome: string): string {
  return [join(nodeHome, 'bin'), process.env['PATH'] ?? ''].join(delimiter);
}
