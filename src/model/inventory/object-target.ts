import type { Host } from './host.ts';
import type { ObjectName, ObjectRecord } from './kinds/kind.ts';

/**
 * One object of one host that is no domain, as a tree node stands for it and a command takes it. It only points: what is
 * known of the object is looked up when it is needed.
 */
export class ObjectTarget {
  readonly kind = 'object';
  readonly host: Host;
  readonly name: ObjectName;

  constructor(host: Host, name: ObjectName) {
    this.host = host;
    this.name = name;
  }

  /** Undefined once it is gone, and while nobody reads the objects of its kind. */
  get record(): ObjectRecord | undefined {
    return this.host.record(this.name);
  }
}
