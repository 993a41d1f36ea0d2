import type { Bus } from '../shared/bus.ts';

/** Tells whoever keeps a connection open that people, roles, sessions or tokens changed, here or in another process: look again. */
export interface Rights {
  /** Something was changed here. */
  changed(): void;
  /** Calls back soon after a change; the returned function ends it. */
  onChange(call: () => void): () => void;
}

export function createRights(bus: Pick<Bus, 'publish' | 'subscribe'>): Rights {
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const call of listeners) call();
  };
  bus.subscribe('rights', tell);
  return {
    changed() {
      tell();
      bus.publish('rights');
    },
    onChange(call) {
      listeners.add(call);
      return () => void listeners.delete(call);
    },
  };
}
