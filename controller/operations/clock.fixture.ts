import type { Clock } from '#controller/engine/ports.ts';

/** A clock whose time passes only from one timer to the next, as soon as nothing else is to be done. */
export function createFlowingClock(start = 1_000_000): Clock & { stop(): void; advance(ms: number): void } {
  let now = start;
  let isStopped = false;
  const timers = new Set<{ at: number; call: () => void }>();
  let flowing: NodeJS.Timeout | undefined;
  const flow = () => {
    flowing = undefined;
    if (isStopped) return;
    const [next] = [...timers].toSorted((a, b) => a.at - b.at);
    if (!next) return;
    timers.delete(next);
    now = Math.max(now, next.at);
    next.call();
    flowing ??= setTimeout(flow, 1);
  };
  return {
    now: () => now,
    after(ms, call) {
      const timer = { at: now + ms, call };
      timers.add(timer);
      if (!isStopped) flowing ??= setTimeout(flow, 1);
      return () => void timers.delete(timer);
    },
    advance: (ms) => void (now += ms),
    stop() {
      isStopped = true;
      clearTimeout(flowing);
    },
  };
}
