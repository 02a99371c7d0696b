import { rm } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { Host } from '../../../model/inventory/host.ts';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import type { Inventory } from '../../../model/inventory/inventory.ts';
import { isThisMachine } from '../../../model/inventory/place.ts';
import { createDomain } from '../../../model/operations/domain/create.ts';
import { forceOffDomain } from '../../../model/operations/domain/force-off.ts';
import { startDomain } from '../../../model/operations/domain/start.ts';
import { takeAway } from '../../../model/operations/volume/bring-file.ts';
import { adapterArguments } from './adapter-arguments.ts';
import type { AttachConfiguration, KvmConfiguration, LaunchConfiguration } from '../configuration.ts';
import { DebugError } from '../error.ts';
import { findBootHost, findDomain } from './find-domain.ts';
import { findGdb, type Gdb } from '../gdb.ts';
import { type GuestFacts, guestFacts } from '../guest-facts.ts';
import { launchXml, planLaunch } from '../boot/launch.ts';
import { newRecording, openRecording, type Recording } from '../boot/recording.ts';
import type { SessionNotes } from './notes.ts';
import { GuestSession } from './session.ts';
import { findSymbols, type Symbols } from '../symbols/symbols.ts';

export interface StartParts {
  readonly inventory: Inventory;
  readonly notes: SessionNotes;
  /** The folder that is open. */
  readonly workspace: string | undefined;
  /** The gdb of the settings. */
  readonly gdb: string | undefined;
  readonly onError: (error: Error) => void;
  /** Python for gdb beside a kernel's symbols, if a person agrees to run it. */
  readonly scriptFor: (vmlinux: string) => Promise<string | undefined>;
  /** Called when the guest is there and has not run yet. */
  readonly beforeRun: (host: Host, domain: DomainRef) => Promise<void>;
}

export interface Started {
  readonly session: GuestSession;
  readonly facts: GuestFacts;
  readonly symbols: Symbols;
  readonly gdb: Gdb;
  readonly recording?: Recording | undefined;
  readonly adapter: Readonly<Record<string, unknown>>;
  /** For the person, in the debug console. */
  readonly remarks: readonly string[];
}

/** Opens a guest to a debugger. @throws DebugError, or what libvirt says; nothing is left behind then. */
export function start(config: KvmConfiguration, parts: StartParts): Promise<Started> {
  return config.request === 'attach' ? attach(config, parts) : launch(config, parts);
}

async function attach(config: AttachConfiguration, parts: StartParts): Promise<Started> {
  const { host, connection, domain } = await findDomain(parts.inventory, config.host, config.domain);
  const [{ state }, facts] = await Promise.all([
    connection.domains.state(domain),
    connection.domains.xml(domain).then(guestFacts),
  ]);
  checkHypervisor(facts);
  if (!isActive(state))
    throw new DebugError(
      'wrong-state',
      t('“{0}” is not running', domain.name),
      t('Start it, or set “request” to launch to boot it for the session.'),
    );
  const [gdb, symbols] = await Promise.all([
    findGdb(config.gdb ?? parts.gdb, facts.arch),
    findSymbols(
      config,
      facts,
      { workspace: parts.workspace, local: isThisMachine(connection.uri) },
      { connection, domain },
    ),
  ]);
  const script = await scriptOf(config, symbols, parts);
  // One that panicked, or sleeps, stands still as well.
  const found = state === 'running' || state === 'blocked' ? 'running' : 'paused';
  const subject = {
    host,
    connection,
    domain,
    found,
    launched: false,
    folders: [],
    uploads: [],
    recorded: false,
  } as const;
  const session = await GuestSession.open(subject, parts.notes, parts.onError);
  const stay = found === 'paused';
  const { workspace } = parts;
  return finish({ config, session, facts, symbols, gdb, script, stay, reversible: false, workspace }, []);
}

async function launch(config: LaunchConfiguration, parts: StartParts): Promise<Started> {
  const recording = await recordingOf(config);
  const made =
    config.domain === undefined
      ? await make(config, parts, recording)
      : await find(config, config.domain, parts);
  try {
    return { ...(await boot(config, parts, made, recording)), recording };
  } catch (error) {
    await Promise.all(made.folders.map((folder) => rm(folder, { recursive: true, force: true })));
    await takeAway(made.connection, made.uploads);
    throw error;
  }
}

async function boot(
  config: LaunchConfiguration,
  parts: StartParts,
  made: Launchable,
  recording: Recording | undefined,
): Promise<Started> {
  const { host, connection, facts, folders, uploads, remarks } = made;
  const [gdb, symbols] = await Promise.all([
    findGdb(config.gdb ?? parts.gdb, facts.arch),
    findSymbols(config, facts, { workspace: parts.workspace, local: made.kernelHere }, undefined),
  ]);
  const script = await scriptOf(config, symbols, parts);
  const domain = await made.run();
  try {
    await parts.beforeRun(host, domain);
    const recorded = recording?.replay === false;
    const subject = {
      host,
      connection,
      domain,
      found: 'paused',
      launched: true,
      folders,
      uploads,
      recorded,
    } as const;
    const session = await GuestSession.open(subject, parts.notes, parts.onError);
    const stay = config.stopAtEntry;
    const { workspace } = parts;
    const reversible = recording?.replay === true;
    return finish({ config, session, facts, symbols, gdb, script, stay, reversible, workspace }, remarks);
  } catch (error) {
    await forceOffDomain(new DomainTarget(host, domain.uuid), {});
    throw error;
  }
}

function recordingOf(config: LaunchConfiguration): Promise<Recording | undefined> {
  if (config.replay !== undefined) return openRecording(config.replay);
  return config.record ? newRecording(config) : Promise.resolve(undefined);
}

interface Launchable {
  readonly host: Host;
  readonly connection: Connection;
  readonly facts: GuestFacts;
  readonly folders: readonly string[];
  readonly uploads: readonly string[];
  readonly kernelHere: boolean;
  readonly remarks: readonly string[];
  /** Starts it, with no instruction run yet. It ends with the connection, should that be lost. */
  run(): Promise<DomainRef>;
}

async function make(
  config: LaunchConfiguration,
  parts: StartParts,
  recording: Recording | undefined,
): Promise<Launchable> {
  const { host, connection } = await findBootHost(parts.inventory, config.host);
  const plan = await planLaunch(config, connection, recording);
  const xml = launchXml(plan);
  return {
    host,
    connection,
    // The kernel as the person named it: what QEMU gets may be a copy.
    facts: { ...guestFacts(xml), kernel: recording?.boot.kernel ?? config.boot.kernel },
    folders: plan.folders,
    uploads: plan.uploads,
    kernelHere: plan.kernelHere,
    remarks: recording === undefined ? plan.remarks : [...plan.remarks, aboutRecording(recording)],
    run: async () => {
      try {
        return await createDomain(host, { xml, paused: true, endsWithConnection: true });
      } catch (cause) {
        if (plan.kernelHere || config.boot.kernel === undefined) throw cause;
        throw new DebugError(
          'image',
          t('“{0}” cannot boot {1}: {2}', host.name, config.boot.kernel, (cause as Error).message),
          t(
            'This machine has no such file either. Build it here, and it is copied to the host, or name a path of the host.',
          ),
          { cause },
        );
      }
    },
  };
}

async function find(config: LaunchConfiguration, name: string, parts: StartParts): Promise<Launchable> {
  const { host, connection, domain } = await findDomain(parts.inventory, config.host, name);
  const [{ state }, facts, saved] = await Promise.all([
    connection.domains.state(domain),
    connection.domains.xml(domain).then(guestFacts),
    connection.domains.hasManagedSave(domain),
  ]);
  checkHypervisor(facts);
  if (isActive(state))
    throw new DebugError(
      'wrong-state',
      t('“{0}” is running already', domain.name),
      t('Set “request” to attach, or shut it down first.'),
    );
  if (saved)
    throw new DebugError(
      'wrong-state',
      t('“{0}” has a saved state: it would resume instead of booting', domain.name),
      t('Start it and attach, or discard the saved state.'),
    );
  return {
    host,
    connection,
    facts,
    folders: [],
    uploads: [],
    kernelHere: isThisMachine(connection.uri),
    remarks: [t('“{0}” is forced off when the session ends.', domain.name)],
    run: () => startDomain(new DomainTarget(host, domain.uuid), { paused: true, endsWithConnection: true }),
  };
}

function checkHypervisor({ type }: GuestFacts): void {
  if (type !== 'kvm' && type !== 'qemu')
    throw new DebugError(
      'architecture',
      t('Only guests of QEMU can be debugged, and this one has libvirt’s type {0}', type),
    );
}

async function scriptOf(
  config: KvmConfiguration,
  { kernel, path }: Symbols,
  parts: StartParts,
): Promise<string | undefined> {
  return kernel && path !== undefined && config.scripts ? parts.scriptFor(path) : undefined;
}

function aboutRecording({ replay, folder }: Recording): string {
  return replay
    ? t('This is a recording: it runs the same way each time. Step Back and Reverse go backwards in it.')
    : t(
        'The run is recorded in {0} until the session ends. Your changes meanwhile are not recorded. Replay it to step backwards.',
        folder,
      );
}

type Outcome = Omit<Started, 'adapter' | 'remarks'> & {
  readonly config: KvmConfiguration;
  readonly script: string | undefined;
  readonly stay: boolean;
  readonly reversible: boolean;
  readonly workspace: string | undefined;
};

function finish(
  { config, script, stay, reversible, workspace, ...started }: Outcome,
  remarks: readonly string[],
): Started {
  const { session, facts, symbols, gdb } = started;
  // With KVM, software breakpoints are written into the guest's memory, where code may yet be loaded over them.
  const hardwareBreakpoints = config.hardwareBreakpoints ?? facts.type === 'kvm';
  const adapter = adapterArguments({
    config,
    gdb,
    arch: facts.arch,
    symbols,
    address: session.address,
    hardwareBreakpoints,
    script,
    stay,
    reversible,
    workspace,
  });
  return {
    ...started,
    adapter,
    remarks: [
      ...remarks,
      ...symbols.remarks,
      ...(hardwareBreakpoints
        ? [t('Breakpoints are the processor’s own (KVM): there are four at a time on x86.')]
        : []),
      t(
        'The gdb stub of the guest’s QEMU is open: libvirt marks the guest as tainted (custom-monitor) until it is shut off. While the guest is stopped, its services do not answer.',
      ),
    ],
  };
}
