import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { DumpCore, DumpFormat } from '../../../client/libvirt/domain/save.ts';
import { stateReason } from '../../../client/libvirt/domain/state.ts';
import { replaceFile } from '../../files/replace-file.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import { isThisMachine } from '../../inventory/place.ts';
import { OperationError } from '../error.ts';
import type { OperationOptions } from '../operation.ts';
import { canReplaceOnHost, deleteOnHost, isOnHost } from '../volume/host-file.ts';
import { withAbortableJob } from './abort-job.ts';
import { forgetDump, noteDump } from './dump-note.ts';
import { changeDomain, type DomainCall } from './on-domain.ts';

/** What can be made of a guest's memory: `elf` is for gdb and crash, `kdump` is compressed and for crash. */
export type MemoryFormat = 'elf' | 'kdump';

/** Where the dump goes, and what it is. */
export interface DumpChoices {
  /** An absolute path of the host, whose daemon writes the file with its own rights. */
  readonly path: string;
  readonly format: MemoryFormat;
  /** What is there already may go. Otherwise that is an error with the code `exists`. */
  readonly replace?: boolean;
}

const FORMATS = { elf: DumpFormat.RAW, kdump: DumpFormat.KDUMP_ZLIB } as const;
/** A dump has no event that tells how far it is, so that it is asked while it runs. */
const ASK_EVERY_MS = 500;

/**
 * `virDomainCoreDumpWithFormat`: writes the memory to a file of the host, for a debugger to look at. The guest stands
 * still meanwhile, and its state says why; libvirt lets it go on when the dump ends in any way, whether we are still
 * there or not, unless libvirt itself dies: see {@link isLeftPaused}. Giving up ends libvirt's job. On this machine the file has its name only when it is whole; elsewhere
 * files cannot be renamed, and the domain remembers what is being written, see {@link findInterruptedDump}.
 * @throws GoneError, RemoteError, OperationError
 */
export function dumpMemory(
  target: DomainTarget,
  { path, format, replace = false }: DumpChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDomain(target, options, async (call) => {
    await checkIdle(call);
    const { connection } = call;
    const isThere = await isOnHost(connection, path, options);
    if (isThere && !replace) throw alreadyThere(path);
    if (await canReplaceOnHost(connection, dirname(path)))
      return replaceFile(path, async (temporary) => dumpTo(call, temporary, format, options), {
        mode: 0o600,
      });
    if (isThere) await deleteOnHost(connection, path, options);
    await noteDump(call, path);
    await dumpTo(call, path, format, options);
    await forgetDump(call);
  });
}

function alreadyThere(path: string): OperationError {
  return new OperationError(
    'exists',
    t('{0} is there already', path),
    t('Choose another name, or replace it.'),
  );
}

/** Somebody else's dump, or one that we began before we died, is still being written. */
async function checkIdle({ connection, ref }: DomainCall): Promise<void> {
  const { state, reason } = await connection.domains.state(ref);
  if (stateReason(state, reason) !== 'dumping') return;
  if ((await connection.domainJobs.info(ref)).state === 'none') return;
  throw new OperationError(
    'busy',
    t('libvirt is writing a dump of its memory already'),
    t('The guest goes on when that is done.'),
  );
}

/** A failed dump is removed by libvirt. */
async function dumpTo(
  call: DomainCall,
  path: string,
  format: MemoryFormat,
  options: OperationOptions,
): Promise<void> {
  const over = new AbortController();
  const following = options.progress && follow(call, options.progress, over.signal);
  try {
    await withAbortableJob(call, options.signal, () =>
      call.connection.domainImages.dumpCore(call.ref, path, FORMATS[format], DumpCore.MEMORY_ONLY),
    );
  } finally {
    over.abort();
    await following;
  }
}

/** A path on the host that its daemon can most likely write to, with the name of the domain and the time. */
export function suggestedDumpPath({ host, name }: DomainTarget, format: MemoryFormat, now: Date): string {
  const file = name.replaceAll(/[^\w.-]/g, '_');
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '-');
  return join(isThisMachine(host.id) ? homedir() : '/var/tmp', `${file}-${stamp}.${format}`);
}

async function follow(
  { connection, ref }: DomainCall,
  progress: (fraction: number) => void,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    // The end of the dump ends the pause as well.
    await delay(ASK_EVERY_MS, undefined, { signal: over }).catch(() => undefined);
    const data = (await connection.domainJobs.info(ref).catch(() => undefined))?.data;
    if (over.aborted || data?.processed === undefined || data.total === undefined || data.total === 0n)
      continue;
    progress(Number(data.processed) / Number(data.total));
  }
}
