import type { ResourceType } from './inventory.ts';
import type { Clock } from './moment.ts';
import { inParallel } from './parallel.ts';

/** The calls a reread is made of. */
export interface RereadCalls {
  /** Reads the one thing asked for: a row by GET, or the children of a row. */
  one(type: ResourceType, id: string): Promise<unknown>;
  /** Reads the whole list, begun after the call; says which of what was asked for it has answered, or rejects. */
  list(type: ResourceType): Promise<(id: string) => boolean>;
  /** Pages the list of this type has. */
  pages(type: ResourceType): number;
}

/** Up to this many rows of a type are read one by one; a list of that many pages or more is never quicker. */
const GETS_BEFORE_LIST = 4;
const GETS_AT_ONCE = 4;

/**
 * Gathers what is asked for within `gatherMs` and answers it with as few calls as possible; every answer was asked for after the
 * call it belongs to, so a caller that has just written sees its write.
 */
export function createRereads(calls: RereadCalls, clock: Clock, gatherMs: number): (type: ResourceType, id: string) => Promise<void> {
  const gathering = new Map<ResourceType, Map<string, PromiseWithResolvers<void>>>();
  const reading = new Map<string, Promise<unknown>>();

  /** At most one GET of a row at a time; the next begins when that one has ended. */
  const readOne = async (type: ResourceType, id: string) => {
    const key = `${type}/${id}`;
    for (let running = reading.get(key); running !== undefined; running = reading.get(key)) await running.catch(() => undefined);
    const read = calls.one(type, id);
    reading.set(key, read);
    try {
      await read;
    } finally {
      reading.delete(key);
    }
  };
  const settle = async (answer: PromiseWithResolvers<void>, work: () => Promise<unknown>) => {
    try {
      await work();
      answer.resolve();
    } catch (error) {
      answer.reject(error);
    }
  };
  const readByList = async (type: ResourceType, asked: ReadonlyMap<string, PromiseWithResolvers<void>>) => {
    let isAnswered: (id: string) => boolean;
    try {
      isAnswered = await calls.list(type);
    } catch (error) {
      for (const answer of asked.values()) answer.reject(error);
      return;
    }
    // What the list lacks is gone, or is a row that a list never shows: only a GET can tell.
    const missing = [...asked].filter(([id]) => !isAnswered(id));
    for (const [id, answer] of asked) if (isAnswered(id)) answer.resolve();
    await inParallel(missing, GETS_AT_ONCE, ([id, answer]) => settle(answer, () => readOne(type, id)));
  };
  const read = (type: ResourceType) => {
    const asked = gathering.get(type) ?? new Map<string, PromiseWithResolvers<void>>();
    gathering.delete(type);
    if (asked.size > Math.max(GETS_BEFORE_LIST, calls.pages(type))) {
      void readByList(type, asked);
      return;
    }
    for (const [id, answer] of asked) void settle(answer, () => readOne(type, id));
  };

  return (type, id) => {
    let asked = gathering.get(type);
    if (asked === undefined) {
      asked = new Map();
      gathering.set(type, asked);
      clock.after(gatherMs, () => read(type));
    }
    let answer = asked.get(id);
    if (answer === undefined) {
      answer = Promise.withResolvers<void>();
      asked.set(id, answer);
    }
    return answer.promise;
  };
}
