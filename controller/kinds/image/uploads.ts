import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudInventory } from '#controller/inventory/inventory.ts';
import { UPLOADS_AT_ONCE } from '#controller/openstack/budget.ts';
import * as images from '#controller/openstack/image/images.ts';
import type { CloudHandle } from '../handle.ts';
import { Obstacle } from '../obstacle.ts';
import { type ImageSource, openSource } from './source.ts';

/** So long a pass waits for an upload; tiny ones are done by then. */
const PATIENCE_MS = 3_000;
/** An upload that takes longer is given up. */
export const UPLOAD_MS = 6 * 3_600_000;

interface Upload {
  readonly done: Promise<void>;
  readonly abort: AbortController;
  state: 'running' | 'done' | 'failed';
  error?: unknown;
}

/** Uploads under way, per cloud: one takes as long as its data, and no pass can wait for that. A crash loses them and nothing else. */
const uploads = new WeakMap<CloudInventory, Map<string, Upload>>();

function uploadsOf({ inventory }: CloudHandle): Map<string, Upload> {
  const known = uploads.get(inventory) ?? new Map<string, Upload>();
  uploads.set(inventory, known);
  return known;
}

/** Fills a queued image: begins, goes on in the background, and throws what ended the last attempt. */
export async function fill(cloud: CloudHandle, id: string, source: ImageSource): Promise<void> {
  const all = uploadsOf(cloud);
  const known = all.get(id);
  if (known?.state === 'running') throw new Obstacle('Uploading', `The data of image ${id} is on its way to the cloud.`, { passes: true });
  const running = [...all.values()].filter((upload) => upload.state === 'running').length;
  if (known === undefined && running >= UPLOADS_AT_ONCE) {
    const message = `Image ${id} gets its data after others; ${UPLOADS_AT_ONCE} uploads to a cloud run at a time.`;
    throw new Obstacle('UploadQueued', message, { passes: true });
  }
  const upload = known?.state === 'failed' ? known : begin(cloud, id, source);
  all.set(id, upload);
  const isOver = await Promise.race([upload.done.then(() => true), sleep(PATIENCE_MS, false, { ref: false })]);
  if (!isOver) return;
  all.delete(id);
  if (upload.state === 'failed') throw upload.error;
}

/** Breaks an upload off; whatever it was for is going away. */
export function giveUp(cloud: CloudHandle, id: string): void {
  uploadsOf(cloud).get(id)?.abort.abort();
  uploadsOf(cloud).delete(id);
}

function begin(cloud: CloudHandle, id: string, source: ImageSource): Upload {
  const abort = new AbortController();
  const upload: Upload = { abort, state: 'running', done: Promise.resolve() };
  return Object.assign(upload, { done: send(cloud, id, source, upload) });
}

/** Never rejects: who asks next is told. */
async function send(cloud: CloudHandle, id: string, source: ImageSource, upload: Upload): Promise<void> {
  const { imageDirectory } = cloud;
  let broken: unknown;
  async function* data(): AsyncGenerator<Uint8Array> {
    try {
      yield* openSource(source, { signal: upload.abort.signal, ...(imageDirectory !== undefined && { imageDirectory }) });
    } catch (error) {
      broken = error;
      throw error;
    }
  }
  try {
    await images.upload(cloud.client.image, id, data, { timeoutMs: UPLOAD_MS, signal: upload.abort.signal });
    upload.state = 'done';
    uploadsOf(cloud).delete(id);
  } catch (error) {
    upload.error = broken ?? error;
    upload.state = 'failed';
  }
  cloud.inventory.wrote('image', id);
  await cloud.inventory.reread('image', id).catch(() => undefined);
}
