import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { t } from '@vscode/l10n';
import { isX86 } from '../../../model/guest/arch.ts';
import { KernelFileError, readKernelFile } from '../../../model/guest/kernel-file.ts';
import type { DeclaredGuest } from '../file/model.ts';

/** Why QEMU would not boot the kernel that a guest has in a file, known before it is asked. */
export async function kernelRefusal({
  source,
  arch,
}: DeclaredGuest): Promise<
  { readonly message: string; readonly hint: string; readonly key: string } | undefined
> {
  if (source.kind !== 'kernel' && source.kind !== 'multiboot') return undefined;
  const path = source.kind === 'kernel' ? source.kernel : source.multiboot;
  // Whether it is there at all is checked before.
  if (!existsSync(path)) return undefined;
  try {
    const found = (await readKernelFile(path))?.arch;
    if (found === undefined || found === arch || (isX86(found) && isX86(arch))) return undefined;
    return {
      message: t('{0} is for {1}, and the guest has “arch: {2}”', basename(path), found, arch),
      hint: t('Write “arch: {0}”.', found),
      key: 'arch',
    };
  } catch (error) {
    if (!(error instanceof KernelFileError)) throw error;
    return { message: error.message, hint: error.hint ?? '', key: source.kind };
  }
}
