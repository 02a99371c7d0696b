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
  #lastName: string | undefined;

  /** `name` is what whoever points to it calls it, for as long as nothing better is known. */
  constructor(host: Host, uuid: string, name?: string) {
    this.host = host;
    this.uuid = uuid;
    this.#lastName = name;
  }

  /** Stable over restarts and renames. */
  get id(): string {
    return `${this.host.id}#${this.uuid}`;
  }

  /** Undefined once the domain is gone. */
  get record(): DomainRecord | undefined {
    const record = this.host.domains.get(this.uuid);
    this.#lastName = record?.name ?? this.#lastName;
    return record;
  }

  /** What people call it, also when it is gone; the UUID where nobody ever knew more. */
  get name(): string {
    return this.record?.name ?? this.#lastName ?? this.uuid;
  }

  /** Whether what is known of it may be old, since the link to its host is lost. */
  get isLost(): boolean {
    return this.host.status.kind === 'reconnecting';
  }
}
