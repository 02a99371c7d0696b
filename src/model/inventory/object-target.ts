import type { Host } from './host.ts';
import type { ObjectName } from './kinds/kind.ts';

/** One object of one host that is no domain, as a tree node stands for it and a command takes it. It only points. */
export interface ObjectTarget {
  readonly host: Host;
  readonly name: ObjectName;
}
