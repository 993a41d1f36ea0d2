import { Redis } from 'ioredis';
import type { Log } from '../log.ts';

/** Short words from one process to the others: "look again". What they are about is in the database, so a lost one costs time and nothing else. */
export interface Bus {
  /** Never rejects, and waits for nobody. */
  publish(channel: string): void;
  /** Calls back for every word of another process; the returned function ends that. */
  subscribe(channel: string, heard: () => void): () => void;
  close(): Promise<void>;
  /** For whoever counts together with the other processes; fails at once while Redis is away. */
  readonly redis?: Redis;
}

/** Of a process that is alone, or without Redis: the others look by themselves, once a second. */
export function silentBus(): Bus {
  return { publish: () => undefined, subscribe: () => () => undefined, close: async () => undefined };
}

/**
 * Over Redis; `url` as redis://[USER:PASSWORD@]HOST[:PORT][/DB] or rediss://. While Redis is away words are lost and everybody falls back to
 * looking by themselves; the connection comes back by itself. The log names host and port only: the address may hold a password.
 */
export function redisBus(url: string, { id, log }: { readonly id: string; readonly log: Log }): Bus {
  const listeners = new Map<string, Set<() => void>>();
  const prefix = 'stackwarden:';
  const connect = (role: 'speaker' | 'listener'): Redis => {
    const redis = new Redis(url, {
      retryStrategy: (attempt: number) => Math.min(100 * 2 ** attempt, 5000),
      connectTimeout: 3000,
      // A word that cannot be said now is not worth keeping; a subscription is.
      enableOfflineQueue: role === 'listener',
      maxRetriesPerRequest: role === 'listener' ? null : 0,
      ...(role === 'speaker' && { commandTimeout: 1000 }),
    });
    let isDown = false;
    redis.on('error', (error: Error & { code?: string }) => {
      if (!isDown)
        log('warn', 'Redis is away; other processes are heard of a second later', { role, address: addressOf(url), code: error.code });
      isDown = true;
    });
    redis.on('ready', () => {
      if (isDown) log('info', 'Redis is back', { role, address: addressOf(url) });
      isDown = false;
    });
    return redis;
  };
  const speaker = connect('speaker');
  const listener = connect('listener');
  listener.on('message', (channel: string, from: string) => {
    if (from === id) return;
    for (const heard of listeners.get(channel.slice(prefix.length)) ?? []) heard();
  });
  return {
    redis: speaker,
    publish(channel) {
      if (speaker.status === 'ready') speaker.publish(prefix + channel, id).catch(() => undefined);
    },
    subscribe(channel, heard) {
      const set = listeners.get(channel) ?? new Set();
      listeners.set(channel, set.add(heard));
      // Subscriptions are renewed by the client after each reconnect.
      if (set.size === 1) listener.subscribe(prefix + channel).catch(() => undefined);
      return () => void set.delete(heard);
    },
    async close() {
      speaker.disconnect();
      listener.disconnect();
    },
  };
}

function addressOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || '6379'}`;
}
