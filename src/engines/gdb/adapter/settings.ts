/** What the adapter is told beside what `cdt-gdb-adapter` takes: the field `kvm` of its arguments. */
export interface AdapterSettings {
  /** Where the guest's stub is: a port of this machine, or a socket that leads to it. */
  readonly stub: { readonly port: number } | { readonly path: string };
  /** A 32-bit program in the 64-bit machine `x86_64`: see proxy/link.ts. */
  readonly narrow: boolean;
  /** Do not let the guest run once the breakpoints are set. */
  readonly stay: boolean;
  /** The guest runs from a recording, so it can go backwards. */
  readonly reversible: boolean;
  /** The gdb's version, which is known already; empty where it is not. */
  readonly gdbVersion: string;
  /** Folders of this machine in which the program's sources may be, wherever it was built. */
  readonly sources: readonly string[];
  /** Files that are not known yet may come with a module of the kernel. */
  readonly modules: boolean;
  /** Folders of the program as a person said where they are here. */
  readonly sourceFileMap: readonly (readonly [from: string, to: string])[];
  /** The folder that the program lies in: a build that does not tell where it was made is taken to be made there. */
  readonly builtIn: string | undefined;
  /** Symbols that are worth an index, and the id of their build. */
  readonly index: { readonly symbols: string; readonly build: string } | undefined;
  /** Its processor has segments, and begins in real mode. */
  readonly x86: boolean;
}
