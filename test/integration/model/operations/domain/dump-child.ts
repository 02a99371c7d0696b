import { DomainTarget } from '../../../../../src/model/inventory/domain-target.ts';
import { Host } from '../../../../../src/model/inventory/host.ts';
import { dumpMemory } from '../../../../../src/model/operations/domain/dump-memory.ts';

/** Dumps the memory of a domain: `dump-child URI UUID PATH`. */
const [, , uri = '', uuid = '', path = ''] = process.argv;
const host = new Host({ name: 'child', uri, origin: 'configured' });
await host.connect();
await dumpMemory(new DomainTarget(host, uuid), { path, format: 'elf' });
host.disconnect();
