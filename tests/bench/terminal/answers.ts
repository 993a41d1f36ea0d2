import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { endChild } from '#tests/parts/child.ts';
import type { Stackwarden } from '#tests/parts/stackwarden.ts';

/** Asks for /healthz every 100 ms, in another process, as this one is busy with what it measures; how long each answer took, in ms. */
export async function answersMeanwhile<T>({ url, ca }: Stackwarden, work: () => Promise<T>): Promise<{ result: T; took: number[] }> {
  const child = fork(join(import.meta.dirname, 'answer-times.ts'), [`${url}/healthz`, ca]);
  try {
    await told(child);
    const result = await work();
    child.send('enough');
    return { result, took: (await told(child)) as number[] };
  } finally {
    await endChild(child, 'SIGTERM');
  }
}

async function told(child: ChildProcess): Promise<unknown> {
  const [message] = (await once(child, 'message', { signal: AbortSignal.timeout(60_000) })) as [unknown];
  return message;
}
