import type { Codec } from './codec.ts';

/** Program numbers; each has its own numbering of procedures. All are at protocol version 1. */
export const Program = {
  REMOTE: 0x20008086,
  QEMU: 0x20008087,
  LXC: 0x00068000,
  KEEPALIVE: 0x6b656570,
} as const;

export const PROTOCOL_VERSION = 1;

/** One call of libvirt's protocol: its number and both message bodies. */
export interface Procedure<A, R> {
  readonly program: number;
  readonly number: number;
  /** libvirt's name for it, for logs and errors. */
  readonly name: string;
  readonly args: Codec<A>;
  readonly result: Codec<R>;
  /** The daemon answers from its memory: it waits for no guest, no disk and no other call. */
  readonly isQuick?: boolean;
  /** It takes as long as there is much to be moved: a guest's memory, or what is on a disk. */
  readonly isLasting?: boolean;
}

/** A procedure of libvirt's main program: its number, its name there, and what it takes and answers. */
export function remote<A, R>(
  number: number,
  name: string,
  args: Codec<A>,
  result: Codec<R>,
): Procedure<A, R> {
  return { program: Program.REMOTE, number, name, args, result };
}

/** The same, where the daemon answers {@link Procedure.isQuick from its memory}. */
export function quick<A, R>(number: number, name: string, args: Codec<A>, result: Codec<R>): Procedure<A, R> {
  return { ...remote(number, name, args, result), isQuick: true };
}

/** The same, where the daemon {@link Procedure.isLasting moves much data} before it answers. */
export function lasting<A, R>(
  number: number,
  name: string,
  args: Codec<A>,
  result: Codec<R>,
): Procedure<A, R> {
  return { ...remote(number, name, args, result), isLasting: true };
}

/** A message that the daemon sends unasked. */
export interface EventMessage<T> {
  readonly program: number;
  readonly number: number;
  readonly name: string;
  readonly body: Codec<T>;
}

/** A message of libvirt's main program that comes unasked. */
export function remoteEvent<T>(number: number, name: string, body: Codec<T>): EventMessage<T> {
  return { program: Program.REMOTE, number, name, body };
}
