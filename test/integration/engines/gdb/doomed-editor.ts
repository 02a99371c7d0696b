import { readConfiguration } from '../../../../src/engines/gdb/configuration.ts';
import { SessionNotes } from '../../../../src/engines/gdb/sessions/notes.ts';
import { start } from '../../../../src/engines/gdb/sessions/start.ts';
import { Inventory } from '../../../../src/model/inventory/inventory.ts';
import { DapClient } from '../../../support/dap-client.ts';

/**
 * An editor that is killed in the middle of a session: stops a guest at a function, says which process its debug
 * adapter is, and waits for the end. Its arguments: the host's URI, the folder of the notes, the domain, the function.
 */
const [uri = '', folder = '', domain = '', name = ''] = process.argv.slice(2);
const inventory = new Inventory();
inventory.setHosts([{ name: 'lab', uri, origin: 'configured' }]);
const { adapter } = await start(readConfiguration({ type: 'kvm', request: 'attach', domain }), {
  inventory,
  notes: new SessionNotes(folder),
  workspace: undefined,
  gdb: undefined,
  onError: (error) => console.error(error),
  scriptFor: () => Promise.resolve(undefined),
  beforeRun: () => Promise.resolve(),
});
const debug = new DapClient(adapter);
await debug.attach({ functions: [{ name }] });
await debug.event('stopped');
process.send?.(debug.pid);
setInterval(() => undefined, 60_000);
