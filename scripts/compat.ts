import { parseArgs } from 'node:util';
import { CannotRunError } from './lib/cannot-run.ts';
import { tryKernel } from './lib/compat/kernel.ts';
import { tryLibvirts } from './lib/compat/libvirt.ts';
import { runMain } from './lib/main.ts';

/** Tries the client against every libvirt there is to be had here, or with `kernel` the debugger on a real kernel. */
await runMain(async () => {
  const { values, positionals } = parseArgs({
    options: { yes: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [what, ...others] = positionals;
  if (what === undefined) return tryLibvirts(values.yes);
  if (what === 'kernel' && others.length === 0) return tryKernel(values.yes);
  throw new CannotRunError(
    `There is no trial ${positionals.join(' ')}; there is kernel, and without a name all libvirts.`,
  );
});
