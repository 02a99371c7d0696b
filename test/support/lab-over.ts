import type { Connection } from '../../src/client/libvirt/connect.ts';
import { Host } from '../../src/model/inventory/host.ts';

/** A host “lab” whose only connection is there already; whoever made that closes it. */
export function labOver(connection: Connection): Host {
  const definition = { name: 'lab', uri: connection.uri.text, origin: 'configured' } as const;
  return new Host(definition, async () => connection);
}
