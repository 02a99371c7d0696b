import { randomInt } from 'node:crypto';
import type { Readable } from 'node:stream';
import { abortReason } from '../rpc/error.ts';

/**
 * What a script of ours says on the far side before it becomes the program whose bytes count: which program that is,
 * or that there is none.
 */
export type Answer = 'helper' | 'netcat' | 'none' | 'files';

const ANSWERS: readonly Answer[] = ['helper', 'netcat', 'none', 'files'];

/** The line by which a script shows that it runs, and that nothing else prints in front of it. */
export interface Greeting {
  /** How the line begins. It does not stand in the script, so that whoever only repeats the script does not say it. */
  readonly mark: string;
  /** A step of a script for `sh`. */
  say(answer: Answer): string;
}

/** The product has to fit into what the arithmetic of small shells can hold. */
const FACTORS = [10_000, 46_000] as const;

/** One with factors of its own: what an earlier script printed is no greeting for this one. */
export function newGreeting(): Greeting {
  const [one, other] = [randomInt(...FACTORS), randomInt(...FACTORS)];
  return {
    mark: `kvm-${one * other} `,
    say: (answer) => `echo "kvm-$((${one}*${other})) ${answer}"`,
  };
}

/** What came of waiting for a greeting. */
export type Heard =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** Something else came first, or instead. */
  | { readonly kind: 'noise' | 'ended' | 'late'; readonly printed: string };

/** A login shell greets in a line or two. */
const NOISE_MAX = 64 * 1024;

/**
 * Reads up to the end of the greeting, and leaves what follows in the stream.
 * @throws the reason of the signal
 */
export async function hear(
  input: Readable,
  { mark }: Greeting,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<Heard> {
  let read = Buffer.alloc(0);
  const { promise, resolve, reject } = Promise.withResolvers<Heard>();
  const printed = () => read.toString('utf8');
  const onReadable = () => {
    for (;;) {
      const chunk = input.read() as Buffer | null;
      if (chunk === null) return;
      read = Buffer.concat([read, chunk]);
      const found = answerIn(read, mark);
      if (found === undefined && read.length < NOISE_MAX) continue;
      // Before anything is put back, which would be told as readable again.
      input.off('readable', onReadable);
      if (found === undefined || found.start > 0)
        resolve({ kind: 'noise', printed: read.toString('utf8', 0, found?.start) });
      else {
        const rest = read.subarray(found.end);
        if (rest.length > 0) input.unshift(rest);
        resolve({ kind: 'answer', answer: found.answer });
      }
      return;
    }
  };
  const onEnd = () => resolve({ kind: 'ended', printed: printed() });
  const onAbort = () => reject(abortReason(signal));
  const timer = setTimeout(() => resolve({ kind: 'late', printed: printed() }), timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  input.on('readable', onReadable);
  input.once('end', onEnd);
  input.once('close', onEnd);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    input.off('readable', onReadable);
    input.off('end', onEnd);
    input.off('close', onEnd);
  }
}

function answerIn(
  bytes: Buffer,
  mark: string,
): { readonly start: number; readonly end: number; readonly answer: Answer } | undefined {
  const start = bytes.indexOf(mark);
  const end = start === -1 ? -1 : bytes.indexOf('\n', start);
  if (end === -1) return undefined;
  const word = bytes.toString('latin1', start + mark.length, end);
  const answer = ANSWERS.find((each) => each === word);
  return answer === undefined ? undefined : { start, end: end + 1, answer };
}
