import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { DomainTarget } from '../../model/inventory/domain-target.ts';
import { explain, explained } from '../ui/failure.ts';
import { quoted } from '../ui/names.ts';
import { setting } from '../ui/settings.ts';
import { cleanUp } from '../../engines/gdb/sessions/clean.ts';
import { type KvmConfiguration, readConfiguration } from '../../engines/gdb/configuration.ts';
import { DebugError } from '../../engines/gdb/error.ts';
import { SessionNotes } from '../../engines/gdb/sessions/notes.ts';
import type { Recording } from '../../engines/gdb/boot/recording.ts';
import { checkInstalled, handOver } from '../../engines/gdb/sessions/hand-over.ts';
import { openPortProxy } from '../../engines/gdb/proxy/open-proxy.ts';
import type { GuestSession } from '../../engines/gdb/sessions/session.ts';
import { start, type Started } from '../../engines/gdb/sessions/start.ts';
import type { DebugParts } from './parts.ts';
import { inform, warn } from '../ui/notices.ts';
import { withoutLinks } from '../../model/text/links.ts';
import { visible } from '../../model/text/visible.ts';
import { findKernelHelpers } from '../../engines/gdb/symbols/kernel-helpers.ts';

interface Running {
  /** Ours; undefined for one that another debugger has. */
  readonly session: vscode.DebugSession | undefined;
  readonly release: (() => Promise<void>) | undefined;
  readonly guest: GuestSession;
  readonly recording: Recording | undefined;
  readonly stopWatching: () => Promise<void>;
  /** How the guest stopped, once libvirt has told. */
  readonly departure: Promise<string | undefined>;
}

/** Stands in the configuration of another debugger's session, and says which of our sessions it belongs to. */
const MARK = '__kvmSession';
/** A guest that no debugger has taken by then is given up. */
const HAND_OVER_MS = 60_000;
/** libvirt tells of the end of a guest a moment after gdb has lost it. */
const DEPARTURE_MS = 2_000;

/** The sessions of this window, by VS Code's own id of each. */
export class DebugSessions {
  readonly #parts: DebugParts;
  readonly #notes: SessionNotes;
  readonly #debugged: Set<string>;
  readonly #running = new Map<string, Running>();
  /** The guest that a configuration booted last: its console is read until the next one is there. */
  readonly #booted = new Map<string, DomainTarget>();

  constructor(parts: DebugParts, debugged: Set<string>) {
    this.#parts = parts;
    this.#debugged = debugged;
    this.#notes = new SessionNotes(parts.storage);
  }

  /** Checks the configuration before anything is started, even the task that builds what is to be debugged. */
  async check(
    configuration: vscode.DebugConfiguration,
    folder: vscode.WorkspaceFolder | undefined,
  ): Promise<vscode.DebugConfiguration> {
    const config = readForPerson(configuration);
    return config.debugger === 'gdb' ? configuration : this.#handOver(config, folder);
  }

  /** @throws Error whose message VS Code shows; nothing is left behind then. */
  async start(session: vscode.DebugSession): Promise<vscode.DebugAdapterDescriptor> {
    const { presenter, dist, storage } = this.#parts;
    try {
      const started = await this.#open(readConfiguration(session.configuration), session.workspaceFolder);
      await this.#watch(session.id, started, session);
      this.#tell(started.remarks);
      return new vscode.DebugAdapterExecutable(
        process.execPath,
        [join(dist, 'debug-adapter-main.js'), `--config-frozen=${JSON.stringify(started.adapter)}`],
        {
          env: {
            ELECTRON_RUN_AS_NODE: '1',
            // Node keeps what it compiled, so that the next session begins sooner.
            NODE_COMPILE_CACHE: join(dirname(storage), 'compiled'),
            ...(vscode.l10n.uri && { KVM_TRANSLATION: vscode.l10n.uri.fsPath }),
          },
        },
      );
    } catch (error) {
      presenter.background(`Could not debug with “${session.name}”`, error);
      throw forPerson(error);
    }
  }

  async #open(config: KvmConfiguration, folder: vscode.WorkspaceFolder | undefined): Promise<Started> {
    if (!vscode.workspace.isTrusted)
      throw new DebugError('untrusted', t('Debugging is off in a folder that is not trusted'));
    const { presenter, inventory, hostsKnown, showConsole, closeConsole } = this.#parts;
    await hostsKnown;
    return start(config, {
      inventory,
      notes: this.#notes,
      workspace: folder?.uri.fsPath,
      gdb: preferredGdb(),
      onError: (error) => presenter.background('The way to the guest’s gdb stub', error),
      scriptFor: (vmlinux) => this.#agreedScript(vmlinux),
      beforeRun: async (host, domain) => {
        await host.refresh({ kind: 'domain', key: domain.uuid });
        const target = new DomainTarget(host, domain.uuid, domain.name);
        const last = this.#booted.get(config.name);
        if (last !== undefined && last.record === undefined) await closeConsole(last);
        this.#booted.set(config.name, target);
        await showConsole(target);
      },
    });
  }

  /** Another debugger gets the guest, once it is open; the session that it makes of it is known by a mark. */
  async #handOver(
    config: KvmConfiguration,
    folder: vscode.WorkspaceFolder | undefined,
  ): Promise<vscode.DebugConfiguration> {
    const { presenter } = this.#parts;
    try {
      checkInstalled(
        config.debugger,
        vscode.extensions.all.map(({ packageJSON }): unknown => packageJSON),
      );
      const started = await this.#open(config, folder);
      const { session, gdb, symbols } = started;
      const { address, close } = await openPortProxy(session.address, {
        narrow: false,
        paced: false,
        onWarning: (sentence) => {
          presenter.note(sentence);
          this.#tell([sentence]);
        },
      });
      await this.#watch(session.id, started, undefined, close);
      const unused = setTimeout(() => void this.#endOf(session.id), HAND_OVER_MS);
      const begun = vscode.debug.onDidStartDebugSession(({ configuration }) => {
        if (configuration[MARK] !== session.id) return;
        clearTimeout(unused);
        begun.dispose();
      });
      const input = {
        name: config.name,
        gdb: gdb.program,
        program: symbols.path,
        address: { host: '127.0.0.1', port: address.port },
        hardwareBreakpoints: started.facts.type === 'kvm',
        commands: config.commands,
        workspace: folder?.uri.fsPath,
        sourceFileMap: config.sourceFileMap,
      };
      return { ...handOver(config.debugger, input), [MARK]: session.id };
    } catch (error) {
      presenter.background(`Could not hand “${config.name}” to ${config.debugger}`, error);
      throw forPerson(error);
    }
  }

  /** Leaves the guest of a session as it was found. */
  end({ id, configuration }: vscode.DebugSession): Promise<void> {
    const mark: unknown = configuration[MARK];
    return this.#endOf(typeof mark === 'string' ? mark : id);
  }

  async #endOf(id: string): Promise<void> {
    const running = this.#running.get(id);
    if (running === undefined) return;
    this.#running.delete(id);
    await running.release?.();
    const { subject } = running.guest;
    this.#debugged.delete(new DomainTarget(subject.host, subject.domain.uuid).id);
    const { domain, host } = running.guest.subject;
    let wasThere = true;
    try {
      wasThere = await running.guest.end();
    } catch (error) {
      await this.#parts.presenter.failure(
        t('Could not put {0} back to how it was before debugging.', quoted(domain.name)),
        error,
      );
    }
    // gdb may have lost the guest before libvirt told of it: either way it is told once, here.
    if (!wasThere) {
      const how = await Promise.race([running.departure, sleep(DEPARTURE_MS, undefined, { ref: false })]);
      void tellDeparture(running, how);
    }
    // Its events may be gone with the connection.
    await Promise.allSettled([running.stopWatching(), host.refresh({ kind: 'domain', key: domain.uuid })]);
    if (running.recording?.replay === false && running.session !== undefined)
      void this.#offerReplay(running.session, running.recording.folder);
  }

  /** What was recorded is there until the machine's temporary folder is emptied. */
  async #offerReplay({ workspaceFolder, configuration }: vscode.DebugSession, folder: string): Promise<void> {
    const replay = t('Replay');
    const choice = await inform(t('The run was recorded in {0}.', folder), replay);
    if (choice !== replay) return;
    const { record: _, preLaunchTask: __, ...rest } = configuration;
    await vscode.debug.startDebugging(workspaceFolder, {
      ...rest,
      type: 'kvm',
      request: 'launch',
      name: t('{0} (replay)', configuration.name),
      replay: folder,
    });
  }

  /** Undoes what the sessions of an editor that died have left on its hosts. */
  async cleanUpOrphans(): Promise<void> {
    const { inventory, presenter, hostsKnown } = this.#parts;
    await hostsKnown;
    for (const note of await this.#notes.orphans()) {
      const host = inventory.host(note.host);
      if (host === undefined) continue;
      try {
        const done = await cleanUp(await host.connect(), note, this.#notes);
        presenter.note(`After a debug session that was cut off: ${note.domainName} ${done}.`);
        await host.refresh({ kind: 'domain', key: note.uuid });
      } catch (error) {
        presenter.background(`Could not clean up after a debug session of ${note.domainName}`, error);
      }
    }
  }

  dispose(): void {
    for (const { guest } of this.#running.values()) void guest.end().catch(() => undefined);
  }

  /** A guest that goes away ends its session, with the reason in one sentence. */
  async #watch(
    id: string,
    { session: guest, recording }: Started,
    session: vscode.DebugSession | undefined,
    release?: () => Promise<void>,
  ): Promise<void> {
    const { connection, domain, host } = guest.subject;
    const { promise: departure, resolve: departed } = Promise.withResolvers<string | undefined>();
    const stop = await connection.domainEvents.on('lifecycle', ({ domain: which, event, detail }) => {
      if (which.uuid !== domain.uuid || event !== 'stopped') return;
      departed(detail);
      if (!guest.ended) void this.#endedByGuest(id);
    });
    this.#debugged.add(new DomainTarget(host, domain.uuid).id);
    this.#running.set(id, { guest, recording, session, release, departure, stopWatching: stop });
  }

  async #endedByGuest(id: string): Promise<void> {
    const running = this.#running.get(id);
    if (running === undefined) return;
    // Marked as ended first, so that nobody looks for its stub.
    void this.#endOf(id);
    if (running.session !== undefined) await vscode.debug.stopDebugging(running.session);
  }

  #tell(remarks: readonly string[]): void {
    for (const remark of remarks) vscode.debug.activeDebugConsole.appendLine(visible(remark));
  }

  /** Code of the workspace that runs in gdb: only when a person said so, once for what it is now. */
  async #agreedScript(vmlinux: string): Promise<string | undefined> {
    const helpers = await findKernelHelpers(vmlinux);
    if (helpers === undefined) return undefined;
    const { script, digest } = helpers;
    const key = digest === undefined ? undefined : `kvm.debug.script:${digest}`;
    const known = key === undefined ? undefined : this.#parts.memory.get<boolean>(key);
    if (known !== undefined) return known ? script : undefined;
    const run = t('Run It');
    const choice = await warn(
      t('Run the kernel’s own helpers in gdb?'),
      {
        modal: true,
        detail: t(
          '{0} is Python code that gdb runs with your rights. It adds commands such as lx-symbols and lx-dmesg. Run it only if you trust whoever built this kernel.',
          script,
        ),
      },
      run,
      t('Continue Without It'),
    );
    if (choice === undefined) throw new DebugError('configuration', t('The session was cancelled'));
    if (key !== undefined) await this.#parts.memory.update(key, choice === run);
    return choice === run ? script : undefined;
  }
}

/** A guest that went away ended its session: the reason in one sentence. */
async function tellDeparture({ guest, recording }: Running, how: string | undefined): Promise<void> {
  if (recording?.replay === true) {
    await inform(t('The recording has ended, and so has the debug session.'));
    return;
  }
  await warn(departure(how, quoted(guest.subject.domain.name)));
}

/** `how` is the detail of libvirt’s event, when it is known. */
function departure(how: string | undefined, name: string): string {
  switch (how) {
    case 'shutdown':
      return t('{0} was shut down. The debug session has ended.', name);
    case 'destroyed':
      return t('{0} was forced off. The debug session has ended.', name);
    case 'crashed':
      return t('{0} crashed. The debug session has ended.', name);
    case 'migrated':
      return t('{0} moved to another host. The debug session has ended.', name);
    case 'saved':
      return t('{0} was saved. The debug session has ended.', name);
    default:
      return t('{0} stopped. The debug session has ended.', name);
  }
}

function readForPerson(configuration: vscode.DebugConfiguration): KvmConfiguration {
  try {
    return readConfiguration(configuration);
  } catch (error) {
    throw forPerson(error);
  }
}

/** VS Code shows the message of what we throw, as it is. */
function forPerson(error: unknown): Error {
  const explanation =
    error instanceof DebugError ? { reason: error.message, hint: error.hint } : explain(error);
  return new Error(withoutLinks(explained(explanation)), { cause: error });
}

/** The gdb to debug with; undefined when the first that fits will do. */
function preferredGdb(): string | undefined {
  const gdb = setting('kvm.debug.gdb');
  return typeof gdb === 'string' && gdb !== '' ? gdb : undefined;
}
