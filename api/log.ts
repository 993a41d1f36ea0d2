import type { LogLevel } from './settings.ts';

export type Log = (level: LogLevel, message: string, fields?: Record<string, unknown>) => void;

const order: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** One JSON line per event on `write`: time, level, constant message, fields. Errors keep name, message and cause, never a body. */
export function createLog(threshold: LogLevel, write: (line: string) => void, now: () => Date = () => new Date()): Log {
  return (level, message, fields = {}) => {
    if (order[level] < order[threshold]) return;
    write(`${JSON.stringify({ time: now().toISOString(), level, message, ...fields }, plainErrors)}\n`);
  };
}

function plainErrors(_key: string, value: unknown): unknown {
  if (value instanceof Error) return { name: value.name, message: value.message, ...(value.cause ? { cause: value.cause } : {}) };
  return typeof value === 'bigint' ? value.toString() : value;
}
