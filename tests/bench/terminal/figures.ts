import { readFileSync, writeFileSync } from 'node:fs';

export function print(what: string, value: string): void {
  process.stdout.write(`${what.padEnd(64)} ${value}\n`);
}

/** The value that so large a share is not above; 0.5 is the median, 1 the worst. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** `median 1.2, 95 % 2.3, worst 4.5 ms`. */
export function spread(times: readonly number[]): string {
  const at = (share: number) => quantile(times, share).toFixed(1);
  return `median ${at(0.5)}, 95 % ${at(0.95)}, worst ${at(1)} ms`;
}

export function rate(bytes: number, ms: number): string {
  return `${(ms / 1000).toFixed(1)} s, ${(bytes / 1000 / ms).toFixed(1)} MB/s`;
}

/** Of a process, in MiB: what it holds now, and the most since its peak was forgotten. */
export function memoryOf(pid: number): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
  return { now: field('VmRSS'), most: field('VmHWM') };
}

/** See `clear_refs` in proc(5). */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
