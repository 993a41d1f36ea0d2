import { ask } from './http.ts';

/** The keys that secrets are encrypted under, and how far a rotation is. */
export interface KeyStatus {
  /** The one that new secrets go under comes first. */
  readonly keys: readonly { readonly id: string; readonly current: boolean; readonly rows: number }[];
  readonly rows: number;
  /** Under a key that the server does not have. */
  readonly unreadable: number;
  /** Whether the server makes its keys itself. */
  readonly ours: boolean;
  readonly rotation?: Rotation;
}

export interface Rotation {
  readonly state: 'running' | 'done' | 'failed';
  readonly to: string;
  readonly from: readonly string[];
  readonly startedAt: string;
  readonly startedBy: string;
  readonly endedAt?: string;
  readonly rewrapped: number;
  readonly problem?: string;
}

/** Throws Problem. */
export const getKeys = (signal?: AbortSignal) => ask<KeyStatus>('/api/v1/keys', signal ? { signal } : {});

/** Begins to encrypt all secrets under a new key, or goes on with what was cut off. Throws Problem. */
export const rotateKey = () => ask<KeyStatus>('/api/v1/keys/rotate', { method: 'POST' });
