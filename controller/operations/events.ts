import { EventEmitter } from 'node:events';
import type { Json } from '#controller/engine/json.ts';

/** What is said within one process about operations, and the secrets that are only held in its memory. */
export interface OperationEvents {
  /** Something is queued, or is to be cancelled. */
  wake(): void;
  onWake(call: () => void): () => void;
  /** An operation was made, or is no longer as it was. */
  changed(id: string): void;
  onChanged(call: (id: string) => void): () => void;
  ended(id: string): void;
  onEnded(id: string, call: () => void): () => void;
  /** Secrets of an input, until its operation ends. */
  readonly inputs: Map<string, Readonly<Record<string, Json>>>;
  /** Secrets of a result, for the request that waits for it and put an entry here. */
  readonly results: Map<string, Readonly<Record<string, string>> | undefined>;
}

export function createOperationEvents(): OperationEvents {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  const listen = (name: string, call: (id: string) => void) => {
    emitter.on(name, call);
    return () => void emitter.off(name, call);
  };
  return {
    wake: () => void emitter.emit('wake'),
    onWake: (call) => listen('wake', call),
    changed: (id) => void emitter.emit('changed', id),
    onChanged: (call) => listen('changed', call),
    ended: (id) => void emitter.emit(`ended ${id}`),
    onEnded: (id, call) => listen(`ended ${id}`, call),
    inputs: new Map(),
    results: new Map(),
  };
}
