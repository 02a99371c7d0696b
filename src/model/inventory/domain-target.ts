import type { DomainRecord } from './kinds/domain-record.ts';
import type { Host } from './host.ts';

/**
 * One domain of one host, as a tree node stands for it and a command takes it. It only points: what is known
 * of the domain is looked up when it is needed.
 */
export class DomainTarget {
  readonly kind = 'domain';
  readonly host: Host;
  readonly uuid: string;

  constructor(host: Host, uuid: string) {
    this.host = host;
    this.uuid = uuid;
  }

  /** Stable over restarts and renames. */
  get id(): string {
    return `${this.host.id}#${this.uuid}`;
  }

  /** Undefined once the domain is gone. */
  get record(): DomainRecord | undefined {
    return this.host.domains.get(this.uuid);
  }
}
