import type { Settings } from './settings.ts';

interface SystemError extends Error {
  readonly code?: string;
}

/** What an operator reads when the start failed: the thing, and the next step. The stack only at --log-level debug. */
export function explainStartError(error: unknown, settings: Settings): string {
  const { code, message, stack } = error as SystemError;
  const address = `${settings.host}:${settings.port}`;
  const known: Record<string, string> = {
    EADDRINUSE: `${address} is in use by another program. Stop it, or choose another with --listen HOST:PORT.`,
    EADDRNOTAVAIL: `This machine has no address ${settings.host}. Choose one it has with --listen HOST:PORT.`,
    EACCES: `No permission: ${message}. Give this user the data directory ${settings.dataDir} and, for a port below 1024, the right to listen there.`,
    ENOSPC: `The disk that holds ${settings.dataDir} is full. Free some space and start again; nothing is half written.`,
    EROFS: `${settings.dataDir} is on a read-only file system. Choose another place with --data DIR.`,
    ENOTDIR: `${settings.dataDir} is not a directory. Choose another place with --data DIR.`,
    EEXIST: `${settings.dataDir} is there but is not a directory. Choose another place with --data DIR.`,
  };
  const text = (code && known[code]) || message;
  return `Stackwarden could not start: ${text}${settings.logLevel === 'debug' && stack ? `\n${stack}` : ''}`;
}
