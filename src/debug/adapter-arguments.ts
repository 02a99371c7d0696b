import type { AdapterSettings } from './adapter/settings.ts';
import type { KvmConfiguration } from './configuration.ts';
import type { Gdb } from './gdb.ts';
import type { StubAddress } from './session.ts';
import type { Symbols } from './symbols.ts';

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
}

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
  };
  const moved = symbols.path !== undefined && symbols.offset !== 0n;
  return {
    request: 'attach',
    gdb: input.gdb.program,
    program: moved ? undefined : symbols.path,
    hardwareBreakpoint: input.hardwareBreakpoints,
    verbose: config.verbose,
    preConnectCommands: [
      // What is asked on the way would wait for ever.
      'set confirm off',
      'set tcp connect-timeout 20',
      ...(moved ? [`symbol-file ${gdbQuoted(symbols.path)} -o 0x${symbols.offset.toString(16)}`] : []),
      ...(input.script === undefined ? [] : [`source ${input.script}`]),
    ],
    initCommands: config.commands,
    kvm,
  };
}

/** One word of a gdb command. */
function gdbQuoted(path: string): string {
  return `"${path.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
