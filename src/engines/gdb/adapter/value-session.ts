import type { DebugProtocol } from '@vscode/debugprotocol';
import { GDBTargetDebugSession, type IGDBBackend } from 'cdt-gdb-adapter';
import { miString } from '../gdb-command.ts';
import { type Frame, type Refer, Values } from './values.ts';

type FrameReference = ReturnType<GDBTargetDebugSession['frameHandles']['get']>;
type FrameVariables = Parameters<GDBTargetDebugSession['handleVariableRequestFrame']>[0];
type ObjectVariables = Parameters<GDBTargetDebugSession['handleVariableRequestObject']>[0];

/**
 * cdt-gdb-adapter's session with values of our own. The library passes what people write to gdb without quoting it,
 * takes parentheses out of gdb's expressions, shows what cannot be read by its type, and reports its own words for
 * gdb's errors.
 */
export class ValueSession extends GDBTargetDebugSession {
  readonly #values = new Values((command) => this.gdb.sendCommand(command));

  /** The guest has run: nothing that was shown is true any more. */
  protected forgetValues(): void {
    // A gdb that is gone has forgotten them itself.
    this.#values.forget().catch(() => undefined);
  }

  protected override async evaluateRequest(
    response: DebugProtocol.EvaluateResponse,
    args: DebugProtocol.EvaluateArguments,
  ): Promise<void> {
    const expression = args.expression.trim();
    const isCommand = expression.startsWith('>') && args.context === 'repl';
    if (isCommand || !this.canRequestProceed()) return super.evaluateRequest(response, args);
    const frame = args.frameId === undefined ? undefined : this.#frameOf(args.frameId);
    const asText = args.context === 'clipboard' || args.context === 'variables';
    try {
      const { value, type, variablesReference } = asText
        ? { value: await this.#values.text(expression, frame), type: '', variablesReference: 0 }
        : await this.#values.evaluate(expression, frame, this.#refer(args.frameId));
      response.body = { result: value, ...(type !== undefined && { type }), variablesReference };
      this.sendResponse(response);
    } catch (error) {
      this.sendErrorResponse(response, 1, messageOf(error));
    }
  }

  protected override async setVariableRequest(
    response: DebugProtocol.SetVariableResponse,
    args: DebugProtocol.SetVariableArguments,
  ): Promise<void> {
    const of = this.variableHandles.get(args.variablesReference);
    if (of === undefined || of.type === 'registers') return super.setVariableRequest(response, args);
    try {
      const holder = of.type === 'object' ? of.varobjName : this.#frameOf(of.frameHandle);
      const value = holder === undefined ? '' : await this.#values.assign(holder, args.name, args.value);
      response.body = { value };
      this.sendResponse(response);
    } catch (error) {
      this.sendErrorResponse(response, 1, messageOf(error));
    }
  }

  protected override async handleVariableRequestFrame(of: FrameVariables): Promise<DebugProtocol.Variable[]> {
    const frame = this.#frameOf(of.frameHandle);
    return frame === undefined ? [] : this.#values.locals(frame, this.#refer(of.frameHandle));
  }

  protected override handleVariableRequestObject(of: ObjectVariables): Promise<DebugProtocol.Variable[]> {
    const { varobjName, frameHandle } = of;
    return this.#values.children(varobjName, this.#refer(frameHandle), this.#frameOf(frameHandle));
  }

  /** Commands of a person, a line each. */
  protected override async sendCommandToGdb(
    gdb: IGDBBackend,
    expression: string,
    frame: FrameReference,
  ): Promise<void> {
    for (const line of expression.split('\n').map((each) => each.trim()))
      if (line.startsWith('-')) await gdb.sendCommand(line);
      else if (line !== '')
        await gdb.sendCommand(`-interpreter-exec ${optionsOf(frame)}console ${miString(line)}`);
  }

  #frameOf(handle: number): Frame {
    return this.frameHandles.get(handle);
  }

  #refer(frameHandle = -1): Refer {
    return (varobjName) => this.variableHandles.create({ type: 'object', frameHandle, varobjName });
  }
}

function optionsOf(frame: FrameReference): string {
  return frame === undefined ? '' : `--thread ${frame.threadId} --frame ${frame.frameId} `;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
