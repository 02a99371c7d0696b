import type { DomainRecord } from '../../../src/model/inventory/kinds/domain-record.ts';

/** A persistent domain that is shut off, but for what the test is about. */
export function record(differences: Partial<DomainRecord> = {}): DomainRecord {
  return {
    uuid: '6695eb01-f6a4-8304-79aa-97f2502e193f',
    name: 'web',
    id: undefined,
    state: 'shut-off',
    reason: '',
    persistent: true,
    autostart: false,
    managedSave: false,
    size: undefined,
    since: undefined,
    ...differences,
  };
}
