import { isIP } from 'node:net';
import { t } from '@vscode/l10n';
import { DebugError } from '../error.ts';
import { substitutePath } from '../gdb-command.ts';

/** What another debugger has to know; the address is one of this machine. */
export interface HandOver {
  readonly name: string;
  readonly gdb: string;
  readonly program: string | undefined;
  readonly address: { readonly host: string; readonly port: number };
  readonly hardwareBreakpoints: boolean;
  readonly commands: readonly string[];
  readonly workspace: string | undefined;
  readonly sourceFileMap: readonly (readonly [from: string, to: string])[];
}

type Configuration = Readonly<Record<string, unknown>> & {
  readonly type: string;
  readonly name: string;
  readonly request: string;
};

/** The fields of each debugger for a program behind a gdb stub. */
const WRITERS: Readonly<Record<string, (input: HandOver) => Omit<Configuration, 'name'>>> = {
  cppdbg: ({ gdb, program, address, commands, workspace, sourceFileMap }) => ({
    type: 'cppdbg',
    sourceFileMap: Object.fromEntries(sourceFileMap),
    request: 'launch',
    MIMode: 'gdb',
    miDebuggerPath: gdb,
    miDebuggerServerAddress: text(address),
    program: program ?? '',
    cwd: workspace ?? '/',
    stopAtEntry: false,
    setupCommands: commands.map((command) => ({ text: command })),
  }),
  lldb: ({ program, address, commands, sourceFileMap }) => ({
    type: 'lldb',
    sourceMap: Object.fromEntries(sourceFileMap),
    request: 'launch',
    // not for people: commands of LLDB's
    targetCreateCommands: [program === undefined ? 'target create' : `target create "${program}"`],
    // not for people: commands of LLDB's
    processCreateCommands: [`gdb-remote ${text(address)}`, ...commands],
  }),
  'lldb-dap': ({ program, address, commands, sourceFileMap }) => ({
    type: 'lldb-dap',
    sourceMap: sourceFileMap,
    request: 'attach',
    program,
    // not for people: commands of LLDB's
    attachCommands: [`gdb-remote ${text(address)}`, ...commands],
  }),
  gdbtarget: ({ gdb, program, address, commands, hardwareBreakpoints, sourceFileMap }) => ({
    type: 'gdbtarget',
    request: 'attach',
    gdb,
    program,
    target: { type: 'remote', host: address.host, port: String(address.port) },
    preConnectCommands: substitutions(sourceFileMap),
    initCommands: commands,
    hardwareBreakpoint: hardwareBreakpoints,
  }),
  'cortex-debug': ({ gdb, program, address, commands, workspace, sourceFileMap }) => ({
    type: 'cortex-debug',
    request: 'attach',
    servertype: 'external',
    gdbTarget: text(address),
    gdbPath: gdb,
    executable: program,
    cwd: workspace ?? '/',
    preAttachCommands: substitutions(sourceFileMap),
    postAttachCommands: commands,
  }),
};

export const OTHER_DEBUGGERS = Object.keys(WRITERS);

/** The session that another debugger gets instead of ours. @throws DebugError for one that we know nothing about. */
export function handOver(debuggerType: string, input: HandOver): Configuration {
  const write = WRITERS[debuggerType];
  if (write === undefined)
    throw new DebugError(
      'no-debugger',
      t('A guest cannot be handed to the debugger “{0}”', debuggerType),
      t('Set “debugger” to one of {0}.', ['gdb', ...OTHER_DEBUGGERS].join(', ')),
    );
  return { name: input.name, ...write(input) } as Configuration;
}

interface Manifest {
  readonly contributes?: { readonly debuggers?: readonly { readonly type?: string }[] };
}

/** @param manifests of all extensions that are installed @throws DebugError when none of them has that debugger */
export function checkInstalled(debuggerType: string, manifests: readonly unknown[]): void {
  const installed = (manifests as readonly Manifest[]).some(({ contributes }) =>
    contributes?.debuggers?.some(({ type }) => type === debuggerType),
  );
  if (!installed)
    throw new DebugError(
      'no-debugger',
      t('No extension with the debugger “{0}” is installed', debuggerType),
      t('Install it, or leave “debugger” out.'),
    );
}

function substitutions(map: HandOver['sourceFileMap']): readonly string[] {
  return map.map(([from, to]) => substitutePath(from, to));
}

function text({ host, port }: HandOver['address']): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
