import type { Connection } from '../../../client/libvirt/connect.ts';

/** What a host has that libvirt describes in XML, in the order in which people are asked for it. */
export const KIND_NAMES = [
  'domain',
  'network',
  'pool',
  'volume',
  'snapshot',
  'checkpoint',
  'nodedev',
  'secret',
  'filter',
  'interface',
] as const;

export type KindName = (typeof KIND_NAMES)[number];

/** Names one object of a host for good: by its UUID where it has one, else by its name. */
export interface ObjectName {
  readonly kind: KindName;
  readonly key: string;
  /** The key of what it is in: a volume's pool, a snapshot's domain. */
  readonly parent?: string;
}

/** All objects of a kind on a host or, of a kind that lies in another one, in one object of that. */
export interface Place {
  readonly connection: Connection;
  readonly parent: string | undefined;
}

/** The least that is known of an object. A record never changes in place: a new one replaces it. */
export interface ObjectRecord {
  /** What people call it. */
  readonly name: string;
}

/** What libvirt has of an object. */
export interface ObjectXml {
  readonly xml: string;
  /** Why this text must not be given back to libvirt, a sentence; undefined when it may be. */
  readonly readOnly: string | undefined;
}

/** Something happened to the object with this key; without a key, to any of them. */
export type Touch = (key?: string) => void;

/** What a new document of a kind can start as. */
export interface Template {
  readonly label: string;
  readonly detail: string;
  readonly xml: string;
}

/** How people speak of a kind, in their language. */
export interface KindWords {
  /** One of them, within a sentence: storage pool. */
  readonly one: string;
  /** All of them, as a title: Storage Pools. */
  readonly many: string;
}

/** How objects of a kind are read and written as XML. */
export interface KindXml {
  /** The name of the root element. */
  readonly root: string;
  /** The definition, or with `live` how it is now, with its passwords where we may see them. */
  read(this: void, place: Place, key: string, live: boolean): Promise<ObjectXml>;
  /**
   * Makes an object, or replaces the one with the same name and UUID. Missing where libvirt cannot.
   * @param key the object to be replaced where the call differs for one that is there
   * @returns its key
   */
  define?(this: void, place: Place, xml: string, flags: number, key: string | undefined): Promise<string>;
  /** The flag of `define` that has libvirt check the XML against its schema; 0 where it has none. */
  readonly validate: number;
  /** Whether two texts of libvirt's say the same; the same text always does. */
  same?(this: void, a: string, b: string): boolean;
  /** What a new document can start as. Loaded when somebody asks. */
  templates?(this: void): Promise<readonly Template[]>;
}

/**
 * All that features ask of a kind of object. A kind is one file that fills this in: the tracker, the tree, the
 * editor and the commands take it from there.
 */
export interface Kind<R extends ObjectRecord = ObjectRecord> {
  readonly name: KindName;
  readonly words: KindWords;
  /** What its objects are in; undefined for those that a host has itself. */
  readonly parent?: KindName;
  readonly xml: KindXml;
  /** libvirt's codes for one that is not there, or whose parent is not there. */
  readonly gone: readonly number[];

  /** Reads them all in a fixed number of calls, however many there are; `take` gets each by its key. */
  readAll(this: void, place: Place, take: (key: string, record: R) => void): Promise<void>;
  /** Everything about one, {@link complete} included. @throws LibvirtError, one of {@link gone} when it is not there. */
  readOne(this: void, place: Place, key: string): Promise<R>;
  /** Listens for what touches its objects. Missing where libvirt has no such events. */
  follow?(this: void, place: Place, touch: Touch): readonly Promise<() => Promise<void>>[];
  /** The record that follows `before`, of what was read now; without it, what was read. */
  next?(this: void, before: R | undefined, now: R): R;
  /** Whether two records say the same to a person; without it, whether all they hold is equal. */
  same?(this: void, a: R, b: R): boolean;
  /** Adds what takes a call for each object, for those that are about to be seen. */
  complete?(this: void, place: Place, key: string, record: R): Promise<R>;
  /** Whether a record has what {@link complete} adds. */
  isComplete?(this: void, record: R): boolean;
  /** Removes its definition, or the object where the two are the same. */
  undefine(this: void, place: Place, key: string): Promise<void>;
  /** What can be done with an object in the state that it is in, by the names that menus look for. */
  actions(this: void, record: R): readonly string[];
}
