import type { Connection } from '../../../client/libvirt/connect.ts';
import type { Kind, KindXml, ObjectRecord } from './kind.ts';
import { definition } from './xml.ts';

/** What is known of a network or a storage pool: libvirt can start them, by itself too, and forgets transient ones. */
export interface PoweredRecord<Details> extends ObjectRecord {
  readonly uuid: string;
  readonly active: boolean;
  readonly persistent: boolean;
  readonly autostart: boolean;
  /** What takes calls of its own; unknown until somebody looks. */
  readonly details: Details | undefined;
}

/** How libvirt calls name both. */
interface Ref {
  readonly uuid: string;
  readonly name: string;
}

/** The calls that both have, by the same names. */
interface Calls<R extends Ref> {
  list(flags?: number): Promise<readonly R[]>;
  lookupByUuid(uuid: string): Promise<R>;
  xml(ref: R, flags?: number): Promise<string>;
  isActive(ref: R): Promise<boolean>;
  isPersistent(ref: R): Promise<boolean>;
  autostart(ref: R): Promise<boolean>;
  undefine(ref: R): Promise<void>;
}

interface Options<R extends Ref, Details> {
  readonly calls: (connection: Connection) => Calls<R>;
  /** Flags of `list`. */
  readonly flags: { readonly ACTIVE: number; readonly PERSISTENT: number; readonly AUTOSTART: number };
  /** The flag of `xml` that asks for the definition. */
  readonly inactive: number;
  /** What takes calls for each object. Loads its parser when it is called. */
  readonly details: (connection: Connection, ref: R) => Promise<Details>;
}

type Shared<Details> = Pick<
  Required<Kind<PoweredRecord<Details>>>,
  'readAll' | 'readOne' | 'next' | 'isComplete' | 'complete' | 'undefine' | 'actions'
> & { readonly readXml: KindXml['read'] };

/** All of a kind that does not tell networks and storage pools apart. */
export function powered<R extends Ref, Details>(options: Options<R, Details>): Shared<Details> {
  const { flags, inactive } = options;
  return {
    readXml: async ({ connection }, key, live) => {
      const calls = options.calls(connection);
      const ref = await calls.lookupByUuid(key);
      const persistent = await calls.isPersistent(ref);
      return definition(await calls.xml(ref, persistent && !live ? inactive : 0), live, persistent);
    },
    readAll: async ({ connection }, take) => {
      const calls = options.calls(connection);
      const [all, active, persistent, autostart] = await Promise.all([
        calls.list(),
        calls.list(flags.ACTIVE).then(keysOf),
        calls.list(flags.PERSISTENT).then(keysOf),
        calls.list(flags.AUTOSTART).then(keysOf),
      ]);
      for (const { uuid, name } of all)
        take(uuid, {
          uuid,
          name,
          active: active.has(uuid),
          persistent: persistent.has(uuid),
          autostart: autostart.has(uuid),
          details: undefined,
        });
    },
    readOne: async ({ connection }, key) => {
      const calls = options.calls(connection);
      const ref = await calls.lookupByUuid(key);
      const [active, persistent, autostart, details] = await Promise.all([
        calls.isActive(ref),
        calls.isPersistent(ref),
        calls.autostart(ref),
        options.details(connection, ref),
      ]);
      return { uuid: key, name: ref.name, active, persistent, autostart, details };
    },
    next: (before, now) => ({ ...now, details: now.details ?? before?.details }),
    isComplete: ({ details }) => details !== undefined,
    complete: async ({ connection }, key, record) => {
      const calls = options.calls(connection);
      return { ...record, details: await options.details(connection, await calls.lookupByUuid(key)) };
    },
    undefine: async ({ connection }, key) => {
      const calls = options.calls(connection);
      await calls.undefine(await calls.lookupByUuid(key));
    },
    actions: ({ active, persistent, autostart }) => [
      active ? 'stop' : 'start',
      ...(persistent ? [autostart ? 'disableAutostart' : 'enableAutostart', 'undefine'] : []),
      'editXml',
    ],
  };
}

function keysOf(refs: readonly Ref[]): ReadonlySet<string> {
  return new Set(refs.map(({ uuid }) => uuid));
}
