import { dirname } from 'node:path';
import type { AdapterSettings } from '../adapter/settings.ts';
import type { KvmConfiguration } from '../configuration.ts';
import type { Gdb } from '../gdb.ts';
import { addMovedSymbols, substitutePath } from '../gdb-command.ts';
import type { StubAddress } from './session.ts';
import type { Symbols } from '../symbols/symbols.ts';

interface AdapterInput {
  readonly config: KvmConfiguration;
  readonly gdb: Gdb;
  readonly arch: string;
  readonly symbols: Symbols;
  readonly address: StubAddress;
  readonly hardwareBreakpoints: boolean;
  /** Python for gdb that somebody agreed to. */
  readonly script: string | undefined;
  readonly stay: boolean;
  readonly reversible: boolean;
  readonly workspace: string | undefined;
}

/**
 * The symbols of the modules that are loaded, and of those that will be. Of a kernel that KASLR moved they are left to
 * the person: older helpers forget then where it is. What they cannot do is said, and the session goes on.
 */
// not for people: gdb runs it
function loadModules(vmlinux = ''): string {
  const command = JSON.stringify(`lx-symbols ${dirname(vmlinux)}`);
  const code = `try:\n gdb.execute(${command})\nexcept gdb.error as error:\n print('lx-symbols: %s' % error)`;
  return `python exec(${JSON.stringify(code)})`;
}

/** Python runs the helpers that somebody agreed to, and not what lies beside them compiled. */
// not for people: gdb reads it
const ONLY_SOURCES =
  "python import sys; sys.dont_write_bytecode = True; sys.pycache_prefix = '/dev/null/none'";

/** What the debug adapter is started with: cdt-gdb-adapter's arguments and, in `kvm`, our own. */
export function adapterArguments(input: AdapterInput): Readonly<Record<string, unknown>> {
  const { config, symbols, arch } = input;
  const narrow = symbols.bits === 32 && arch === 'x86_64';
  const kvm: AdapterSettings = {
    stub: input.address,
    narrow,
    stay: input.stay,
    reversible: input.reversible,
    gdbVersion: input.gdb.version,
    sources: input.workspace === undefined ? [] : [input.workspace],
    modules: input.script !== undefined,
    sourceFileMap: config.sourceFileMap,
    builtIn: symbols.path === undefined ? undefined : dirname(symbols.path),
    index:
      symbols.path === undefined || symbols.indexed === undefined
        ? undefined
        : { symbols: symbols.path, build: symbols.indexed },
    x86: arch === 'x86_64' || arch === 'i686',
  };
  const moved = symbols.path !== undefined && symbols.offset !== 0n;
  return {
    request: 'attach',
    gdb: input.gdb.program,
    program: moved ? undefined : symbols.path,
    hardwareBreakpoint: input.hardwareBreakpoints,
    verbose: config.verbose,
    // not for people: commands of gdb's
    preConnectCommands: [
      // What is asked on the way would wait for ever.
      'set confirm off',
      'set tcp connect-timeout 20',
      ...config.sourceFileMap.map(([from, to]) => substitutePath(from, to)),
      ...(moved ? [addMovedSymbols(symbols.path, symbols.offset, symbols.absolute)] : []),
      ...(input.script === undefined ? [] : [ONLY_SOURCES, `source ${input.script}`]),
    ],
    initCommands: [
      ...(input.script === undefined || moved ? [] : [loadModules(symbols.path)]),
      ...config.commands,
    ],
    kvm,
  };
}
