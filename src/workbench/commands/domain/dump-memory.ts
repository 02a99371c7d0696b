import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { refOf } from '../../../model/inventory/kinds/domain-record.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { DumpCore, DumpFormat } from '../../../client/libvirt/domain/save.ts';
import { quoted } from '../../ui/names.ts';
import type { CommandContext } from '../context.ts';
import { nameOf } from './batch.ts';

/** A dump has no event that tells how far it is, so that it is asked while it runs. */
const ASK_EVERY_MS = 500;

interface Kind extends vscode.QuickPickItem {
  readonly format: number;
  readonly suffix: string;
}

const KINDS: readonly Kind[] = [
  { label: 'ELF', description: 'for gdb and crash', format: DumpFormat.RAW, suffix: 'elf' },
  { label: 'kdump, compressed', description: 'for crash', format: DumpFormat.KDUMP_ZLIB, suffix: 'kdump' },
];

/** Writes a guest's memory to a file of its host, for a debugger to look at. The guest stands still meanwhile. */
export async function dumpMemory(
  { presenter }: CommandContext,
  [target]: readonly DomainTarget[],
): Promise<void> {
  if (target?.record === undefined) return;
  const name = nameOf(target);
  const ref = refOf(target.record);
  const kind = await vscode.window.showQuickPick(KINDS, { placeHolder: `Dump the memory of ${name} as` });
  if (kind === undefined) return;
  try {
    const connection = await target.host.connect();
    const path = await askPath(connection, target, kind);
    if (path === undefined) return;
    await dumpWithProgress(connection, ref, path, kind, name);
    const where = target.host.definition.origin === 'local' ? '' : ` on ${quoted(target.host.name)}`;
    await vscode.window.showInformationMessage(`The memory of ${name} is in ${path}${where}.`);
  } catch (error) {
    await presenter.failure(`Could not dump the memory of ${name}`, error);
  } finally {
    await target.host.refresh({ kind: 'domain', key: target.uuid });
  }
}

/** The daemon writes it, on its own machine and with its own rights. */
function askPath(
  { uri }: Connection,
  { record }: DomainTarget,
  { suffix }: Kind,
): Thenable<string | undefined> {
  const here = uri.host === undefined || uri.host === '';
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const file = `${(record?.name ?? 'guest').replaceAll(/[^\w.-]/g, '_')}-${stamp}.${suffix}`;
  return vscode.window.showInputBox({
    title: 'Dump Guest Memory',
    prompt: `The file on ${here ? 'this machine' : 'the host'} that gets the memory. It holds all secrets of the guest.`,
    value: join(here ? homedir() : '/var/tmp', file),
    ignoreFocusOut: true,
    validateInput: (value) => (value.startsWith('/') ? undefined : 'An absolute path'),
  });
}

async function dumpWithProgress(
  connection: Connection,
  ref: DomainRef,
  path: string,
  { format }: Kind,
  name: string,
): Promise<void> {
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Dumping ${name}`, cancellable: true },
    async (progress, token) => {
      const over = new AbortController();
      token.onCancellationRequested(() => void connection.domainJobs.abort(ref).catch(() => undefined));
      const following = follow(connection, ref, progress, over.signal);
      try {
        await connection.domainImages.dumpCore(ref, path, format, DumpCore.MEMORY_ONLY);
      } catch (error) {
        if (token.isCancellationRequested) throw new vscode.CancellationError();
        throw error;
      } finally {
        over.abort();
        await following;
      }
    },
  );
}

async function follow(
  connection: Connection,
  ref: DomainRef,
  progress: vscode.Progress<{ message?: string; increment?: number }>,
  over: AbortSignal,
): Promise<void> {
  let shown = 0;
  while (!over.aborted) {
    // The end of the dump ends the pause as well.
    await delay(ASK_EVERY_MS, undefined, { signal: over }).catch(() => undefined);
    const job = await connection.domainJobs.info(ref).catch(() => undefined);
    if (
      over.aborted ||
      job?.data.total === undefined ||
      job.data.processed === undefined ||
      job.data.total === 0n
    )
      continue;
    const percent = Number((job.data.processed * 100n) / job.data.total);
    progress.report({ message: `${percent} %`, increment: percent - shown });
    shown = percent;
  }
}
