import { t } from '@vscode/l10n';
import { CapabilitiesEvent, Event, OutputEvent, TerminatedEvent } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type {
  MIBreakpointInsertOptions,
  MIBreakpointLocation,
  MIThreadInfo,
  TargetAttachRequestArguments,
} from 'cdt-gdb-adapter';
import { miString } from '../gdb-command.ts';
import { type GuestGdb, GuestGdbFactory } from './guest-gdb.ts';
import { coloursOnly, EscapeFilter } from '../../../model/text/escape-filter.ts';
import { withoutLinks } from '../../../model/text/links.ts';
import { openProxy } from '../proxy/open-proxy.ts';
import { readHitCount } from './hit-count.ts';
import { LogPoints } from './log-points.ts';
import { ReadingNotice } from './reading-notice.ts';
import { codeBase } from './real-mode.ts';
import type { AdapterSettings } from './settings.ts';
import { SourcePaths } from './source-paths.ts';
import { type Stop, toldStop } from './stops.ts';
import { indexFolder, indexSymbols } from './symbol-index.ts';
import { messageOf, ValueSession } from './value-session.ts';

type AttachArguments = TargetAttachRequestArguments & { readonly kvm?: AdapterSettings };

/** cdt-gdb-adapter's ConfiguringState.FINISHING and DONE, which it does not export. */
const FINISHING = 3;
const CONFIGURED = 4;

/** What lets the guest run. */
const MOVES = new Set(['continue', 'next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue', 'pause']);
/** gdb's words for a guest that went away. */
const LOST = /^Remote (communication error|connection closed)/;

interface Wanted {
  readonly logMessage?: string;
  readonly condition?: string;
  readonly hitCondition?: string;
  /** Why it cannot stop anything yet. */
  readonly waitsFor?: string;
}

/** cdt-gdb-adapter's session for a guest: its processors as threads, backwards, log points that do not stop it. */
export class KvmDebugSession extends ValueSession {
  #settings: AdapterSettings | undefined;
  #proxy: Awaited<ReturnType<typeof openProxy>> | undefined;
  #sources: SourcePaths | undefined;
  /** Commands that give gdb its index of the symbols. */
  #index: readonly string[] = [];
  /** What is wanted of a breakpoint, by its place. */
  readonly #wanted = new Map<string, Wanted>();
  readonly #last = new WeakMap<DebugProtocol.Response, () => void>();
  readonly #logPoints = new LogPoints((command) => this.gdb.sendCommand(command));
  readonly #reading = new ReadingNotice((event) => this.sendEvent(event));
  /** A person wants it to stop, while it stands still only for a breakpoint to be set. */
  #pauseAsked = false;

  constructor() {
    super(
      new GuestGdbFactory(() => this.#settings?.gdbVersion, {
        advice: (location, options) => this.#advise(location, options),
        onReading: (reading) => this.#reading.tell(reading),
      }),
    );
  }

  protected override initializeRequest(
    response: DebugProtocol.InitializeResponse,
    args: DebugProtocol.InitializeRequestArguments,
  ): void {
    this.#reading.progress = args.supportsProgressReporting === true;
    response.body = { ...response.body, supportsClipboardContext: true };
    super.initializeRequest(response, args);
  }

  protected override async attachOrLaunchRequest(
    response: DebugProtocol.Response,
    request: 'launch' | 'attach',
    args: AttachArguments,
  ): Promise<void> {
    const settings = args.kvm;
    if (settings === undefined)
      throw new Error(t('This adapter is only for sessions that KVM Workbench starts.'));
    this.#settings = settings;
    const proxy = await openProxy(settings.stub, {
      narrow: settings.narrow,
      paced: settings.reversible,
      onWarning: (sentence) => this.sendEvent(new OutputEvent(`${sentence}\n`, 'important')),
    });
    this.#proxy = proxy;
    // gdb is there when the first of these is asked.
    const gdb = () => this.gdb as GuestGdb;
    this.#sources = new SourcePaths(
      {
        knows: (path) => gdb().knows(path),
        named: (name) => gdb().named(name),
        below: (folder) => gdb().below(folder),
        names: (path) => gdb().names(path),
        substitute: (mapping) => gdb().substitute(mapping),
      },
      settings,
      (sentence) => this.sendEvent(new OutputEvent(`${sentence}\n`, 'important')),
    );
    this.#index = await this.#indexed(settings, args.gdb);
    await super.attachOrLaunchRequest(response, request, {
      ...args,
      target: { type: 'remote', parameters: [proxy.address.path] },
    });
    if (settings.reversible) this.sendEvent(new CapabilitiesEvent({ supportsStepBack: true }));
  }

  async #indexed({ index, gdbVersion }: AdapterSettings, gdb = 'gdb'): Promise<readonly string[]> {
    if (index === undefined) return [];
    const input = { gdb, version: gdbVersion, ...index };
    return indexSymbols(input, indexFolder(), (sentence) =>
      this.sendEvent(new OutputEvent(`${sentence}\n`, 'console')),
    );
  }

  protected override async spawn(...args: Parameters<ValueSession['spawn']>): Promise<void> {
    await super.spawn(...args);
    await this.gdb.sendCommands([...this.#index]);
  }

  protected override async configurationDoneRequest(
    response: DebugProtocol.ConfigurationDoneResponse,
    args: DebugProtocol.ConfigurationDoneArguments,
  ): Promise<void> {
    if (this.#settings?.stay !== true || this.isRunning) {
      await super.configurationDoneRequest(response, args);
      return;
    }
    this.configuringState = CONFIGURED;
    this.pauseCount = 0;
    this.sendResponse(response);
    this.sendStoppedEvent('entry', this.threads[0]?.id ?? 1, true);
  }

  protected override async setBreakPointsRequest(
    response: DebugProtocol.SetBreakpointsResponse,
    args: DebugProtocol.SetBreakpointsArguments,
  ): Promise<void> {
    const path = args.source.path ?? '';
    const breakpoints = args.breakpoints ?? [];
    for (const each of breakpoints) this.#wanted.set(`${path}:${each.line}`, each);
    this.#last.set(response, () => {
      // The library takes a breakpoint that waits for its code for one that has it.
      for (const [index, { line }] of breakpoints.entries()) {
        const message = this.#wanted.get(`${path}:${line}`)?.waitsFor;
        const made = response.body?.breakpoints[index];
        if (message !== undefined && made !== undefined) Object.assign(made, { verified: false, message });
      }
    });
    // The library knows fewer hit counts than people write, and loses its place at one that it does not know. Of log
    // points it knows nothing at all: gdb runs them.
    const known = breakpoints.map(({ logMessage, hitCondition, ...each }) =>
      hitCondition === undefined || logMessage !== undefined ? each : { ...each, hitCondition: '1' },
    );
    await super.setBreakPointsRequest(response, { ...args, breakpoints: known });
  }

  protected override async setFunctionBreakPointsRequest(
    response: DebugProtocol.SetFunctionBreakpointsResponse,
    args: DebugProtocol.SetFunctionBreakpointsArguments,
  ): Promise<void> {
    for (const each of args.breakpoints) this.#wanted.set(each.name, each);
    await super.setFunctionBreakPointsRequest(response, args);
  }

  /** @throws Error that says why gdb cannot have the breakpoint. */
  async #advise(
    { locationType, source, line, fn }: MIBreakpointLocation,
    options: MIBreakpointInsertOptions,
  ): Promise<MIBreakpointInsertOptions> {
    const place = locationType === 'function' ? (fn ?? '') : `${source}:${line}`;
    const wanted = this.#wanted.get(place) ?? {};
    const { hitCondition, condition, logMessage } = wanted;
    const hits = hitCondition !== undefined && logMessage === undefined ? readHitCount(hitCondition) : {};
    const why = source === undefined ? undefined : await this.#sources?.whyUnknown(source);
    const pending = why !== undefined && this.#settings?.modules === true;
    if (why !== undefined && !pending) throw new Error(why);
    if (pending) this.#wanted.set(place, { ...wanted, waitsFor: why });
    const test =
      logMessage === undefined
        ? condition
        : await this.#logPoints.condition(place, { message: logMessage, condition, hitCondition });
    return { ...options, ...hits, ...(test !== undefined && { condition: miString(test) }), pending };
  }

  protected override async stackTraceRequest(
    response: DebugProtocol.StackTraceResponse,
    args: DebugProtocol.StackTraceArguments,
  ): Promise<void> {
    const base = await this.#codeBase(args.threadId);
    this.#last.set(response, () => {
      const frames = response.body?.stackFrames ?? [];
      for (const { source } of frames)
        if (source?.path !== undefined && this.#sources !== undefined)
          source.path = this.#sources.here(source.path);
      const [top] = frames;
      if (base !== 0n && top?.instructionPointerReference !== undefined && (args.startFrame ?? 0) === 0)
        top.instructionPointerReference = `0x${(BigInt(top.instructionPointerReference) + base).toString(16)}`;
    });
    await super.stackTraceRequest(response, args);
  }

  async #codeBase(thread: number): Promise<bigint> {
    if (this.#settings?.x86 !== true || this.isRunning) return 0n;
    return codeBase(async (expression) => {
      const command = `-data-evaluate-expression --thread ${thread} --frame 0 ${expression}`;
      return (await this.gdb.sendCommand<{ value?: string }>(command)).value ?? '';
    });
  }

  /** The library lets the guest run on when its breakpoints are set, whatever was asked meanwhile. */
  protected override async pauseRequest(
    response: DebugProtocol.PauseResponse,
    args: DebugProtocol.PauseArguments,
  ): Promise<void> {
    if (this.pauseCount === 0) return super.pauseRequest(response, args);
    this.#pauseAsked = true;
    this.sendResponse(response);
  }

  protected override async continueIfNeeded(): Promise<void> {
    if (!this.#pauseAsked || this.pauseCount !== 1) return super.continueIfNeeded();
    this.#pauseAsked = false;
    this.pauseCount = 0;
    const state: number = this.configuringState;
    const finishing = state === FINISHING;
    if (finishing) this.configuringState = CONFIGURED;
    // Where it stopped for another reason meanwhile, that was told already.
    if (finishing || this.waitPausedNeeded)
      this.#tellStop({ reason: 'signal-received', 'signal-name': 'SIGINT', 'stopped-threads': 'all' });
  }

  /** What the library answers goes through here, with a last look at it. */
  override sendResponse(response: DebugProtocol.Response): void {
    this.#last.get(response)?.();
    // The end of the session is told anyway, with its reason: that gdb lost the guest as well helps nobody.
    const { command, message = '' } = response;
    if (!response.success && MOVES.has(command) && LOST.test(message)) response.success = true;
    if (!response.success) withoutLinksIn(response);
    super.sendResponse(response);
  }

  /** What gdb says may be a guest's or its host's words, and the debug console obeys escape sequences. */
  override sendEvent(event: DebugProtocol.Event): void {
    if (isOutput(event)) event.body.output = new EscapeFilter(coloursOnly).push(event.body.output);
    super.sendEvent(event);
  }

  /** QEMU calls its vCPUs `CPU#0 [running]`, and gdb numbers them from 1. */
  protected override convertThread(thread: MIThreadInfo): ReturnType<ValueSession['convertThread']> {
    const converted = super.convertThread(thread);
    const name = /CPU#(\d+) ?(?:\[(\w+)\s*\])?/.exec(converted.name);
    converted.name =
      name === null
        ? t('vCPU {0}', converted.id - 1)
        : name[2] === 'halted'
          ? t('vCPU {0} (halted)', name[1] ?? '')
          : t('vCPU {0}', name[1] ?? '');
    return converted;
  }

  protected override stepBackRequest(
    response: DebugProtocol.StepBackResponse,
    args: DebugProtocol.StepBackArguments,
  ): void {
    const command = args.granularity === 'instruction' ? '-exec-next-instruction' : '-exec-next';
    this.#backwards(response, command, args.threadId);
  }

  protected override reverseContinueRequest(
    response: DebugProtocol.ReverseContinueResponse,
    args: DebugProtocol.ReverseContinueArguments,
  ): void {
    this.#backwards(response, '-exec-continue', args.threadId);
  }

  #backwards(response: DebugProtocol.Response, command: string, threadId: number): void {
    this.gdb.sendCommand(`${command} --thread ${threadId} --reverse`).then(
      () => this.sendResponse(response),
      (error: unknown) => this.sendErrorResponse(response, 1, messageOf(error)),
    );
  }

  protected override handleGDBAsync(resultClass: string, resultData: unknown): void {
    if (resultClass === 'stopped') {
      this.#proxy?.settle();
      this.forgetValues();
    }
    super.handleGDBAsync(resultClass, resultData);
  }

  protected override handleGDBStopped(stop: Stop): void {
    if (!this.#tellStop(stop)) super.handleGDBStopped(stop);
  }

  /** Whether it is one that the library does not know. */
  #tellStop(stop: Stop): boolean {
    const told = toldStop(stop);
    if (told === undefined) return false;
    this.frameHandles.reset();
    this.variableHandles.reset();
    const threadId = Number(stop['thread-id'] ?? this.threads[0]?.id ?? 1);
    const allThreadsStopped = stop['stopped-threads'] === 'all';
    this.sendEvent(new Event('stopped', { ...told, threadId, allThreadsStopped }));
    return true;
  }

  /** The guest is gone, and with it everything that could be debugged. */
  protected override handleGDBNotify(notifyClass: string, notifyData: unknown): void {
    // What somebody changed by hand; the library would only say that it does not know it.
    if (notifyClass === 'memory-changed') return;
    super.handleGDBNotify(notifyClass, notifyData);
    if (notifyClass === 'thread-group-exited' && this.canRequestProceed())
      this.sendEvent(new TerminatedEvent());
  }

  protected override async doDisconnectRequest(
    gdbServerTimeout: number,
    sendTerminate?: boolean,
  ): Promise<void> {
    await super.doDisconnectRequest(gdbServerTimeout, sendTerminate);
    await this.#proxy?.close();
  }
}

function isOutput(event: DebugProtocol.Event): event is DebugProtocol.OutputEvent {
  return event.event === 'output';
}

/** VS Code shows refusals as notices. */
function withoutLinksIn(response: DebugProtocol.Response): void {
  const { error } = (response.body ?? {}) as DebugProtocol.ErrorResponse['body'];
  if (error !== undefined) error.format = withoutLinks(error.format);
  if (response.message !== undefined) response.message = withoutLinks(response.message);
}
