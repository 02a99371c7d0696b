import { t } from '@vscode/l10n';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import type { ElfFile } from './elf.ts';
import { DebugError } from '../error.ts';
import { monitor } from '../stub/stub.ts';

const SAMPLE_BYTES = 64;

/**
 * Reads the memory of a guest as its first vCPU sees it at that moment, without stopping it (HMP `x`). Undefined where nothing is mapped.
 */
export async function readGuestMemory(
  connection: Connection,
  domain: DomainRef,
  address: bigint,
  length: number,
): Promise<Buffer | undefined> {
  const answer = await monitor(connection, domain, `x /${length}xb 0x${address.toString(16)}`);
  const values = answer
    .split('\n')
    .flatMap((line) => /^[0-9a-f]+:(.*)$/.exec(line.trim())?.[1]?.match(/0x[0-9a-f]{2}\b/g) ?? []);
  return values.length < length ? undefined : Buffer.from(values.map(Number));
}

/**
 * Compares code of a program with what a running guest has at its place. Where nothing is mapped there is nothing
 * to say. @throws DebugError when something else is there.
 */
export async function checkLoaded(
  connection: Connection,
  domain: DomainRef,
  program: ElfFile,
): Promise<void> {
  const sample = await program.codeSample(SAMPLE_BYTES);
  if (sample === undefined || sample.data.length === 0) return;
  const memory = await readGuestMemory(connection, domain, sample.address, sample.data.length);
  if (memory === undefined || memory.equals(sample.data)) return;
  throw new DebugError(
    'symbols',
    t(
      'The symbols in {0} are not of the program in the guest: its code at 0x{1} differs',
      program.path,
      sample.address.toString(16),
    ),
    t('Build and boot the same program, or set “checkSymbols” to false.'),
  );
}
