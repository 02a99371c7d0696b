import { CapabilitiesEvent, OutputEvent, TerminatedEvent } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { GDBTargetDebugSession, type MIThreadInfo, type TargetAttachRequestArguments } from 'cdt-gdb-adapter';
import { KnownGdbFactory } from './known-gdb.ts';
import { openProxy } from './proxy.ts';
import type { AdapterSettings } from './settings.ts';

type AttachArguments = TargetAttachRequestArguments & { readonly kvm?: AdapterSettings };

/** cdt-gdb-adapter's ConfiguringState.DONE, which it does not export. */
const CONFIGURED = 4;

/** What gdb says of a stop. */
interface Stop {
  readonly bkptno?: string;
  readonly 'thread-id'?: string;
}

/** cdt-gdb-adapter's session for a guest: its processors as threads, backwards, log points with values. */
export class KvmDebugSession extends GDBTargetDebugSession {
  #settings: AdapterSettings | undefined;
  #closeProxy: (() => Promise<void>) | undefined;

  constructor() {
    super(new KnownGdbFactory(() => this.#settings?.gdbVersion));
  }

  protected override async attachOrLaunchRequest(
    response: DebugProtocol.Response,
    request: 'launch' | 'attach',
    args: AttachArguments,
  ): Promise<void> {
    const settings = args.kvm;
    if (settings === undefined)
      throw new Error('This adapter is only for sessions that KVM Workbench starts.');
    this.#settings = settings;
    let address = 'path' in settings.stub ? settings.stub.path : `127.0.0.1:${settings.stub.port}`;
    if (settings.narrow || settings.reversible) {
      const proxy = await openProxy(settings.stub, { narrow: settings.narrow, paced: settings.reversible });
      this.#closeProxy = proxy.close;
      address = proxy.path;
    }
    await super.attachOrLaunchRequest(response, request, {
      ...args,
      target: { type: 'remote', parameters: [address] },
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

  /** QEMU calls its vCPUs `CPU#0 [running]`, and gdb numbers them from 1. */
  protected override convertThread(thread: MIThreadInfo): ReturnType<GDBTargetDebugSession['convertThread']> {
    const converted = super.convertThread(thread);
    const name = /CPU#(\d+) ?(?:\[(\w+)\s*\])?/.exec(converted.name);
    converted.name =
      name === null
        ? `vCPU ${converted.id - 1}`
        : `vCPU ${name[1]}${name[2] === 'halted' ? ' (halted)' : ''}`;
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
      this.sendEvent(new OutputEvent(`The guest could not go on: ${messageOf(error)}\n`, 'stderr'));
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
