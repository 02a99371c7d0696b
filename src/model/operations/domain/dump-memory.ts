import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DumpCore, DumpFormat } from '../../../client/libvirt/domain/save.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import { isThisMachine } from '../../inventory/place.ts';
import type { OperationOptions } from '../operation.ts';
import { withAbortableJob } from './abort-job.ts';
import { changeDomain, type DomainCall } from './on-domain.ts';

/** What can be made of a guest's memory: `elf` is for gdb and crash, `kdump` is compressed and for crash. */
export type MemoryFormat = 'elf' | 'kdump';

/** Where the dump goes, and what it is. */
export interface DumpChoices {
  /** An absolute path of the host, whose daemon writes the file with its own rights. */
  readonly path: string;
  readonly format: MemoryFormat;
}

const FORMATS = { elf: DumpFormat.RAW, kdump: DumpFormat.KDUMP_ZLIB } as const;
/** A dump has no event that tells how far it is, so that it is asked while it runs. */
const ASK_EVERY_MS = 500;

/**
 * `virDomainCoreDumpWithFormat`: writes the memory to a file of the host, for a debugger to look at. The guest stands
 * still meanwhile. Giving up ends libvirt's job. @throws GoneError, RemoteError
 */
export function dumpMemory(
  target: DomainTarget,
  { path, format }: DumpChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDomain(target, options, async (call) => {
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
  });
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
