import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { readConfiguration } from '../../../../src/engines/gdb/configuration.ts';
import { SessionNotes } from '../../../../src/engines/gdb/sessions/notes.ts';
import { start, type Started, type StartParts } from '../../../../src/engines/gdb/sessions/start.ts';
import { Inventory } from '../../../../src/model/inventory/inventory.ts';
import type { Connection } from '../../../../src/client/libvirt/connect.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';

/** What the tests of debug sessions share: a daemon, and what VS Code would hand a session. */
export interface DebugBench {
  /** Where sessions keep their notes. */
  readonly folder: string;
  readonly daemon: PrivateDaemon;
  readonly inventory: Inventory;
  readonly parts: StartParts;
  readonly notes: SessionNotes;
  connection(): Promise<Connection>;
  /** Starts a session as its launch.json says. */
  start(configuration: Readonly<Record<string, unknown>>, parts?: Partial<StartParts>): Promise<Started>;
  /** What QEMU's monitor says to a command. */
  monitor(domain: string, command: string): Promise<string>;
}

export function useDebugBench(): DebugBench {
  let ready: DebugBench | undefined;
  before(async () => {
    const daemon = await startPrivateDaemon();
    const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-notes-'));
    // Where copies for QEMU are made: of this test alone, and open to QEMU's user.
    const temporary = join(daemon.folder, 'tmp');
    await mkdir(temporary);
    await chmod(temporary, 0o711);
    process.env['TMPDIR'] = temporary;
    const inventory = new Inventory();
    inventory.setHosts([{ name: 'lab', uri: daemon.uri, origin: 'configured' }]);
    const notes = new SessionNotes(folder);
    const parts: StartParts = {
      inventory,
      notes,
      workspace: undefined,
      gdb: undefined,
      onError: (error) => console.error(error),
      scriptFor: () => Promise.resolve(undefined),
      beforeRun: () => Promise.resolve(),
    };
    ready = {
      daemon,
      folder,
      inventory,
      notes,
      parts,
      connection: () => hostOf(inventory).connect(),
      start: (configuration, others) => start(readConfiguration(configuration), { ...parts, ...others }),
      monitor: (domain, command) => daemon.virsh('qemu-monitor-command', domain, '--hmp', command),
    };
  });
  after(async () => {
    ready?.inventory.dispose();
    await ready?.daemon.dispose();
    if (ready !== undefined) await rm(ready.folder, { recursive: true });
  });
  return new Proxy({} as DebugBench, { get: (_, name) => ready?.[name as keyof DebugBench] });
}

function hostOf({ hosts: [host] }: Inventory) {
  if (host === undefined) throw new Error('The bench has one host');
  return host;
}
