import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { startPrivateDaemon } from '../support/private-daemon.ts';
import type { ClientMode, ClientResult } from './tree/client.ts';
import { median } from './tree/statistics.ts';
import { testHostXml } from './tree/test-host.ts';
import { openVirsh } from './tree/virsh.ts';
import type { BenchNeeds } from '../../scripts/lib/bench-needs.ts';
import { requirements } from '../../scripts/lib/requirements.ts';

export const needs: BenchNeeds = {
  system: requirements.libvirt,
};

const DOMAINS = 10_000;
const ROUNDS = 3;

/** A process of its own for each measurement, so that none inherits another's heap or warm code. */
async function runClient(mode: ClientMode, uri: string): Promise<ClientResult> {
  const script = join(import.meta.dirname, 'tree', 'client.ts');
  const { stdout } = await execa(process.execPath, ['--expose-gc', script, mode, uri]);
  const result = JSON.parse(stdout) as ClientResult;
  if (result.domains !== DOMAINS) throw new Error(`The client saw ${result.domains} domains`);
  return result;
}

/** The median of some clients. */
async function measureClient(mode: ClientMode, uri: string): Promise<number> {
  const values: number[] = [];
  for (let round = 0; round < ROUNDS; round++) values.push((await runClient(mode, uri)).value);
  return median(values);
}

async function measureVirsh(uri: string): Promise<number> {
  const virsh = await openVirsh(uri);
  try {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { ms, lines } = await virsh.time('list --all');
      if (lines < DOMAINS) throw new Error(`virsh listed ${lines} lines`);
      times.push(ms);
    }
    return median(times);
  } finally {
    await virsh.close();
  }
}

/** Ten thousand domains: how long until all are known, against virsh; what that takes; what an event takes. */
export async function run(): Promise<Record<string, number>> {
  await using daemon = await startPrivateDaemon();
  const file = join(daemon.folder, 'host.xml');
  await writeFile(file, testHostXml(DOMAINS));
  const uri = daemon.testFileUri(file);

  const inventory = await measureClient('inventory', uri);
  const virshList = await measureVirsh(uri);
  return {
    inventory_ms: inventory,
    virsh_list_ms: virshList,
    ratio: inventory / virshList,
    block_ms: await measureClient('block', uri),
    heap_mb: (await runClient('heap', uri)).value,
    event_p99_ms: await measureClient('events', uri),
  };
}
