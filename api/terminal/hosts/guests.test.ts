import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as servers from '#controller/openstack/compute/servers.ts';
import { type Acting, startActing } from '#tests/parts/acting.ts';
import { createGuests, type Guests } from './guests.ts';

let acting: Acting;
let guests: Guests;
let id = '';
const warnings: string[] = [];
beforeAll(async () => {
  acting = await startActing();
  const look = (cluster: string) => (cluster === 'main' ? acting : { reason: 'ClusterNotReady', message: 'It is not connected.' });
  guests = createGuests(
    () => ({ clouds: { look } }),
    (_level, message) => warnings.push(message),
  );
  const imageRef = [...acting.sandbox.store.images.keys()][0] ?? '';
  id = (await servers.create(acting.client.compute, { name: 'web', flavorRef: '3', imageRef, networks: 'none' })).id;
  await vi.waitFor(() => expect(acting.sandbox.store.servers.get(id)?.vmState).toBe('active'), { timeout: 30_000 });
}, 90_000);
afterAll(() => acting.close());

it('a cloud tells what a guest printed, and whether it was rebuilt since', async () => {
  expect(await guests.consoleLog('main', id)).toEqual(expect.any(String));
  const before = Date.now();
  expect(await guests.wasRebuilt('main', id, before)).toBe(false);
  const imageRef = [...acting.sandbox.store.images.keys()][0] ?? '';
  await servers.rebuild(acting.client.compute, id, { imageRef });
  expect(await guests.wasRebuilt('main', id, before)).toBe(true);
  expect(await guests.wasRebuilt('main', id, Date.now() + 60_000)).toBe(false);
}, 30_000);

it('what cannot be asked is not known, and holds nobody up', async () => {
  expect(await guests.consoleLog('lab', id)).toBeUndefined();
  expect(await guests.wasRebuilt('lab', id, 0)).toBe(false);
  expect(warnings).toEqual([]);
  expect(await guests.consoleLog('main', 'none')).toBeUndefined();
  expect(await guests.wasRebuilt('main', 'none', 0)).toBe(false);
  expect(warnings).toEqual(['a console log could not be read', 'the actions of an instance could not be read']);
}, 30_000);
