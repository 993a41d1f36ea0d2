import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Stackwarden, startStackwarden } from '#tests/parts/stackwarden.ts';
import type { Wish } from './sandbox-clouds.ts';

/** Stackwarden as a process of its own, and sandbox clouds of another one that it has seen whole. */
export interface ManyClouds {
  readonly stackwarden: Stackwarden;
  /** From the import of all clouds until the last instance was listed. */
  readonly listedAfterMs: number;
  ask(wish: Wish): void;
  close(): Promise<void>;
}

/** `instances` in each of `clouds` clouds, which are called cloud-00 and so on. */
export async function startManyClouds(clouds: number, instances: number): Promise<ManyClouds> {
  const cloud = fork(join(import.meta.dirname, 'sandbox-clouds.ts'), [String(clouds), String(instances)]);
  const [cloudsYaml] = (await once(cloud, 'message')) as [string];
  const stackwarden = await startStackwarden({ args: ['--no-sandbox'] });
  const close = async () => {
    await stackwarden.stop();
    cloud.disconnect();
  };
  try {
    const beganAt = performance.now();
    await importAll(stackwarden, cloudsYaml, clouds);
    while ((await total(stackwarden)) < clouds * instances) await new Promise((done) => setTimeout(done, 500));
    return { stackwarden, listedAfterMs: performance.now() - beganAt, ask: (wish) => tell(cloud, wish), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function tell(cloud: ChildProcess, wish: Wish): void {
  cloud.send(wish);
}

async function importAll(stackwarden: Stackwarden, cloudsYaml: string, clouds: number): Promise<void> {
  const select = Array.from({ length: clouds }, (_, n) => ({ cloud: `cloud-${String(n).padStart(2, '0')}` }));
  const imported = await stackwarden.post('/api/v1/clusters/import', { cloudsYaml, select });
  if (imported.status !== 201) throw new Error(`the import answered ${imported.status}: ${imported.text}`);
}

async function total(stackwarden: Stackwarden): Promise<number> {
  const { status, text } = await stackwarden.get('/api/v1/resources/server?limit=1');
  return status === 200 ? (JSON.parse(text) as { total: { count: number } }).total.count : 0;
}
