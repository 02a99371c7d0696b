import type { CloudInitStage } from '../deploy/phase.ts';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { visibleOutput } from '../../../model/text/visible.ts';
import type { RpcStream } from '../../../client/rpc/stream.ts';

export interface SerialWatch extends AsyncDisposable {
  /** The last line that the guest wrote, without control characters. */
  readonly lastLine: string;
  /** Whether the port is read at all. */
  readonly listens: boolean;
  /** How many lines it wrote. */
  readonly lines: number;
}

const STAGES: readonly (readonly [RegExp, CloudInitStage])[] = [
  [/Cloud-init v\. \S+ running 'init-local'/u, 'data'],
  [/Cloud-init v\. \S+ running 'init'/u, 'network'],
  [/Cloud-init v\. \S+ running 'modules:config'/u, 'config'],
  [/Cloud-init v\. \S+ running 'modules:final'/u, 'final'],
  [/Cloud-init v\. \S+ finished/u, 'done'],
];

const MAX_LINE = 4096;

/**
 * Reads what a guest writes to its first serial port while nobody else has that port open. It never takes the port
 * from anybody, and gives it up as soon as somebody wants it.
 */
export async function watchSerial(
  connection: Connection,
  domain: DomainRef,
  onStage: (stage: CloudInitStage) => void,
): Promise<SerialWatch> {
  const lines = new SerialLines(onStage);
  let stream: RpcStream | undefined;
  try {
    stream = await connection.domainStreams.openConsole(domain);
    stream.on('data', (chunk: Buffer) => lines.add(chunk.toString('utf8')));
    stream.on('error', () => undefined);
  } catch {
    // Somebody has it open already, or there is none: then nothing is read.
  }
  return {
    get lastLine() {
      return lines.last;
    },
    get listens() {
      return stream !== undefined;
    },
    get lines() {
      return lines.count;
    },
    [Symbol.asyncDispose]: async () => {
      stream?.destroy();
    },
  };
}

/** Cuts a serial port's output into lines, and finds cloud-init's stages in them. */
export class SerialLines {
  readonly #onStage: (stage: CloudInitStage) => void;
  #rest = '';
  last = '';
  count = 0;

  constructor(onStage: (stage: CloudInitStage) => void) {
    this.#onStage = onStage;
  }

  add(text: string): void {
    const lines = (this.#rest + text).split(/\r?\n/u);
    this.#rest = (lines.pop() ?? '').slice(-MAX_LINE);
    this.count += lines.length;
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    // A line that was written over shows what was written last.
    const plain = visibleOutput(line).trim().split('\n').at(-1) ?? '';
    if (plain !== '') this.last = plain.slice(0, 200);
    for (const [pattern, stage] of STAGES) if (pattern.test(line)) this.#onStage(stage);
  }
}
