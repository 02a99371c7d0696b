import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface LoopDelay {
  /** The longest that a timer was late, in ms: a busy machine counts as well. */
  readonly lateMs: number;
  /** The most CPU time that passed between two turns, in ms: only our own work counts. */
  readonly busyMs: number;
}

const RESOLUTION_MS = 5;

/** Watches how long the event loop is blocked until the returned function is called. */
export function watchLoop(): () => LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let busy = 0;
  let before = process.threadCpuUsage();
  const look = () => {
    const now = process.threadCpuUsage();
    busy = Math.max(busy, now.user - before.user + now.system - before.system);
    before = now;
  };
  const timer = setInterval(look, RESOLUTION_MS);
  return () => {
    clearInterval(timer);
    look();
    histogram.disable();
    return { lateMs: histogram.max / 1e6 - RESOLUTION_MS, busyMs: busy / 1000 };
  };
}
