import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { isThisMachine } from '../../../model/inventory/place.ts';
import {
  dumpMemory as dump,
  type MemoryFormat,
  suggestedDumpPath,
} from '../../../model/operations/domain/dump-memory.ts';
import { findInterruptedDump, settleInterruptedDump } from '../../../model/operations/domain/dump-note.ts';
import { OperationError } from '../../../model/operations/error.ts';
import { displayName, quoted } from '../../ui/names.ts';
import { withProgress } from '../../ui/progress.ts';
import type { CommandContext } from '../context.ts';
import { nameOf } from './batch.ts';
import { inform, warn } from '../../ui/notices.ts';
import { choose } from '../../ui/choose.ts';

interface FormatItem extends vscode.QuickPickItem {
  readonly format: MemoryFormat;
}

const formats = (): readonly FormatItem[] => [
  { label: t('ELF'), description: t('for gdb and crash'), format: 'elf' },
  { label: t('kdump, compressed'), description: t('for crash'), format: 'kdump' },
];

/** Writes a guest's memory to a file of its host, for a debugger to look at. The guest stands still meanwhile. */
export async function dumpMemory(
  { presenter }: CommandContext,
  [target]: readonly DomainTarget[],
): Promise<void> {
  if (target?.record === undefined) return;
  const name = nameOf(target);
  try {
    await askAboutInterrupted(target);
  } catch (error) {
    await presenter.failure(t('Could not dump the memory of {0}.', name), error);
    return;
  }
  const picked = await choose(formats(), {
    placeHolder: t('Dump the memory of {0} in which format?', name),
  });
  if (picked === undefined) return;
  const { format } = picked;
  const path = await askPath(target, format);
  if (path === undefined) return;
  try {
    const writing = (replace: boolean) =>
      withProgress(t('Dumping the memory of {0}', name), (signal, progress) =>
        dump(target, { path, format, replace }, { signal, progress }),
      );
    try {
      await writing(false);
    } catch (error) {
      if (!isThere(error)) throw error;
      if (!(await mayReplaceFile(path))) return;
      await writing(true);
    }
    await inform(
      isThisMachine(target.host.id)
        ? t('The memory of {0} is in {1}.', name, path)
        : t('The memory of {0} is in {1} on {2}.', name, path, quoted(target.host.name)),
    );
  } catch (error) {
    await presenter.failure(t('Could not dump the memory of {0}.', name), error);
  }
}

function isThere(error: unknown): boolean {
  return error instanceof OperationError && error.code === 'exists';
}

async function mayReplaceFile(path: string): Promise<boolean> {
  const replace = t('Replace');
  const answer = await warn(
    t('{0} is there already. Replace it?', displayName(path)),
    { modal: true, detail: t('What is in it now is lost.') },
    replace,
  );
  return answer === replace;
}

/** On another machine a dump has its name from the start: who was killed left one there that may be half. */
async function askAboutInterrupted(target: DomainTarget): Promise<void> {
  const path = await findInterruptedDump(target, {});
  if (path === undefined) return;
  const [remove, keep] = [t('Delete It'), t('Keep It')];
  const answer = await warn(
    t(
      'An earlier dump of {0} was interrupted, and may be half of one: {1}',
      nameOf(target),
      displayName(path),
    ),
    { modal: true },
    remove,
    keep,
  );
  if (answer === undefined) return;
  await settleInterruptedDump(target, { path, remove: answer === remove });
}

/** The daemon writes it, on its own machine and with its own rights. */
function askPath(target: DomainTarget, format: MemoryFormat): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: t('Dump Guest Memory'),
    prompt: isThisMachine(target.host.id)
      ? t('The file on this machine that gets the memory. It holds all secrets of the guest.')
      : t('The file on the host that gets the memory. It holds all secrets of the guest.'),
    value: suggestedDumpPath(target, format, new Date()),
    ignoreFocusOut: true,
    validateInput: (value) => (value.startsWith('/') ? undefined : t('Enter an absolute path.')),
  });
}
