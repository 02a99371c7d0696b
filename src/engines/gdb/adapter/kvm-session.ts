import { t } from '@vscode/l10n';
import { CapabilitiesEvent, OutputEvent, TerminatedEvent } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import {
  GDBTargetDebugSession,
  type MIBreakpointInsertOptions,
  type MIBreakpointLocation,
  type MIThreadInfo,
  type TargetAttachRequestArguments,
} from 'cdt-gdb-adapter';
import { type GuestGdb, GuestGdbFactory } from './guest-gdb.ts';
import { coloursOnly, EscapeFilter } from '../../../model/text/escape-filter.ts';
import { withoutLinks } from '../../../model/text/links.ts';
import { openProxy } from '../proxy/open-proxy.ts';
import { readHitCount } from './hit-count.ts';
import type { AdapterSettings } from './settings.ts';
import { SourcePaths } from './source-paths.ts';

type AttachArguments = TargetAttachRequestArguments & { readonly kvm?: AdapterSettings };

/** cdt-gdb-adapter's ConfiguringState.DONE, which it does not export. */
const CONFIGURED = 4;

/** What lets the guest run. */
const MOVES = new Set(['continue', 'next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue', 'pause']);
/** gdb's words for a guest that went away. */
const LOST = /^Remote (communication error|connection closed)/;

interface Wanted {
  readonly condition?: string;
  readonly hitCondition?: string;
  /** Why it cannot stop anything yet. */
  readonly waitsFor?: string;
}

/** What gdb says of a stop. */
interface Stop {
  readonly bkptno?: string;
  readonly 'thread-id'?: string;
}

/** cdt-gdb-adapter's session for a guest: its processors as threads, backwards, log points with values. */
export class KvmDebugSession extends GDBTargetDebugSession {
  #settings: AdapterSettings | undefined;
  #closeProxy: (() => Promise<void>) | undefined;
  #sources: SourcePaths | undefined;
  /** What is wanted of a breakpoint, by its place. */
  readonly #wanted = new Map<string, Wanted>();
  readonly #last = new WeakMap<DebugProtocol.Response, () => void>();

  constructor() {
    super(
      new GuestGdbFactory(
        () => this.#settings?.gdbVersion,
        (location, options) => this.#advise(location, options),
      ),
    );
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
    this.#closeProxy = proxy.close;
    // gdb is there when the first of these is asked.
    const gdb = () => this.gdb as GuestGdb;
    this.#sources = new SourcePaths(
      {
        knows: (path) => gdb().knows(path),
        named: (name) => gdb().named(name),
        below: (folder) => gdb().below(folder),
        substitute: (mapping) => gdb().substitute(mapping),
      },
      settings.sources,
      (sentence) => this.sendEvent(new OutputEvent(`${sentence}\n`, 'important')),
    );
    await super.attachOrLaunchRequest(response, request, {
      ...args,
      target: { type: 'remote', parameters: [proxy.address.path] },
    });
    if (settings.reversible) this.sendEvent(new CapabilitiesEvent({ supportsStepBack: true }));
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
    // The library knows fewer hit counts than people write, and loses its place at one that it does not know.
    const known = breakpoints.map((each) =>
      each.hitCondition === undefined ? each : { ...each, hitCondition: '1' },
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
    const hits = wanted.hitCondition === undefined ? {} : readHitCount(wanted.hitCondition);
    const condition = wanted.condition === undefined ? {} : { condition: wanted.condition };
    const why = source === undefined ? undefined : await this.#sources?.whyUnknown(source);
    const pending = why !== undefined && this.#settings?.modules === true;
    if (why !== undefined && !pending) throw new Error(why);
    if (pending) this.#wanted.set(place, { ...wanted, waitsFor: why });
    return { ...options, ...hits, ...condition, pending };
  }

  protected override async stackTraceRequest(
    response: DebugProtocol.StackTraceResponse,
    args: DebugProtocol.StackTraceArguments,
  ): Promise<void> {
    this.#last.set(response, () => {
      for (const { source } of response.body?.stackFrames ?? [])
        if (source?.path !== undefined && this.#sources !== undefined)
          source.path = this.#sources.here(source.path);
    });
    await super.stackTraceRequest(response, args);
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
  protected override convertThread(thread: MIThreadInfo): ReturnType<GDBTargetDebugSession['convertThread']> {
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

  /** A log point says what it is told with the values of the expressions in braces, and the guest goes on. */
  protected override handleGDBStopped(result: Stop): void {
    const message = result.bkptno === undefined ? undefined : this.logPointMessages[result.bkptno];
    if (message === undefined) super.handleGDBStopped(result);
    else void this.#log(message, result['thread-id']);
  }

  async #log(message: string, thread = '1'): Promise<void> {
    const texts: string[] = [];
    for (const [index, part] of message.split(/\{([^{}]*)\}/).entries())
      texts.push(index % 2 === 0 ? part : await this.#value(part, thread));
    this.sendEvent(new OutputEvent(`${texts.join('')}\n`, 'stdout'));
    await this.gdb.sendCommand('-exec-continue').catch((error: unknown) => {
      this.sendEvent(
        new OutputEvent(`${t('The guest could not continue: {0}', messageOf(error))}\n`, 'stderr'),
      );
    });
  }

  async #value(expression: string, thread: string): Promise<string> {
    const command = `-data-evaluate-expression --thread ${thread} --frame 0 ${JSON.stringify(expression)}`;
    try {
      return (await this.gdb.sendCommand<{ value?: string }>(command)).value ?? '';
    } catch (error) {
      return `{${messageOf(error)}}`;
    }
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
    await this.#closeProxy?.();
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
