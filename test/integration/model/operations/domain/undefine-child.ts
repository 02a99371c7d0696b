import { DomainTarget } from '../../../../../src/model/inventory/domain-target.ts';
import { Host } from '../../../../../src/model/inventory/host.ts';
import { findLeftovers } from '../../../../../src/model/operations/domain/leftovers.ts';
import { undefineDomain } from '../../../../../src/model/operations/domain/undefine.ts';

/** Undefines a domain with all that nobody else needs, once its parent says so: `undefine-child URI UUID`. */
const [, , uri = '', uuid = ''] = process.argv;
const host = new Host({ name: 'child', uri, origin: 'configured' });
await host.connect();
const target = new DomainTarget(host, uuid);
const { files } = await findLeftovers(target, {});
process.send?.('ready');
await new Promise((resolve) => process.once('message', resolve));
await undefineDomain(target, {
  managedSave: true,
  snapshots: true,
  checkpoints: true,
  nvram: true,
  tpm: true,
  files,
});
host.disconnect();
process.disconnect();
