import type { Socket } from 'node:net';
import { abortReason } from '../rpc/error.ts';

export interface Establishing {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Called when the time is over. */
  readonly late: () => Error;
  /** What an error of the socket means, or its end, which comes without one. */
  readonly explain: (error: Error | undefined) => Error;
}

/**
 * Waits until `begin` calls back that the socket is ready. If an error, the far end hanging up, the signal or
 * the timeout comes first, the socket is destroyed and the promise rejects: nothing waits for ever.
 */
export async function establish<S extends Socket>(
  socket: S,
  { signal, timeoutMs, late, explain }: Establishing,
  begin: (ready: () => void) => void,
): Promise<S> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = () => reject(abortReason(signal));
  const onError = (error: Error) => reject(explain(error));
  const onEnd = () => reject(explain(undefined));
  const timer = setTimeout(() => reject(late()), timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  socket.on('error', onError);
  socket.on('end', onEnd);
  socket.on('close', onEnd);
  begin(resolve);
  try {
    await promise;
    return socket;
  } catch (error) {
    // It may still have something to say, which nobody needs to hear.
    socket.on('error', () => undefined);
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    socket.off('error', onError);
    socket.off('end', onEnd);
    socket.off('close', onEnd);
  }
}
