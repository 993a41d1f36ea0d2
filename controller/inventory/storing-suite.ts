import { afterAll, describe, expect, it } from 'vitest';
import type { Store } from '#migrations/store.ts';
import { createBench, take } from './inventory.fixture.ts';

/** What holds for the stored inventory on every database; `openEmpty` gives an empty one. */
export function storingSuite(name: string, openEmpty: () => Promise<Store>): void {
  const stores: Store[] = [];
  const createStoredBench = async () => {
    const store = await openEmpty();
    stores.push(store);
    return createBench({ store });
  };
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
  });

  describe(`the stored inventory on ${name}`, () => {
    it('is there again after a restart, and only what changed meanwhile is an event', async () => {
      const { clock, cloud, inventory, open, events } = await createStoredBench();
      for (const id of ['s1', 's2', 's3']) cloud.put('server', { id, name: id });
      await clock.until(inventory.start());
      await clock.until(inventory.stop());
      take(events);
      cloud.change('server', 's2', { name: 'renamed' });
      cloud.remove('server', 's3');
      cloud.put('server', { id: 's4', name: 's4' });
      const again = open();
      await clock.until(again.start());
      expect(take(events).toSorted()).toEqual(['appeared server s4', 'changed server s2', 'gone server s3']);
      expect([...again.all('server')].map((row) => row.name).toSorted()).toEqual(['renamed', 's1', 's4']);
      await clock.until(again.stop());
    });

    it('is shown from the database while the cloud is down', async () => {
      const { clock, cloud, inventory, open, events } = await createStoredBench();
      cloud.put('server', { id: 's1', name: 'web' });
      await clock.until(inventory.start());
      await clock.until(inventory.stop());
      take(events);
      cloud.refuse = () => 503;
      const loaded: string[] = [];
      const again = open({ onLoaded: () => loaded.push(...[...again.all('server')].map((row) => row.name)) });
      await clock.until(again.start());
      expect(loaded).toEqual(['web']);
      expect(again.get('server', 's1')?.name).toBe('web');
      expect(again.listedAt('server')).toBe(0);
      expect(take(events)).toEqual([]);
      await clock.until(again.stop());
    });

    it('writes nothing when nothing changed', async () => {
      const { clock, cloud, inventory, repository } = await createStoredBench();
      for (let at = 0; at < 20; at += 1) cloud.put('port', { id: `p${at}`, tags: ['a', 'b'] });
      await clock.until(inventory.sweep());
      const before = (await repository.changes()).length;
      for (let at = 0; at < 20; at += 1) cloud.change('port', `p${at}`, { tags: ['b', 'a'] });
      for (let at = 0; at < 5; at += 1) await clock.until(inventory.sweep());
      expect(await repository.changes()).toHaveLength(before);
    });

    it('keeps the history with what was before and after', async () => {
      const { clock, cloud, inventory, repository } = await createStoredBench();
      cloud.put('server', { id: 's1', name: 'a' });
      await clock.until(inventory.sweep());
      cloud.change('server', 's1', { name: 'b' });
      await clock.until(inventory.sweep());
      cloud.remove('server', 's1');
      await clock.until(inventory.sweep());
      const history = await repository.changes();
      const name = (body: object | undefined) => (body !== undefined && 'name' in body ? body.name : undefined);
      expect(history.map((one) => [one.change, name(one.before), name(one.after)])).toEqual([
        ['appeared', undefined, 'a'],
        ['changed', 'a', 'b'],
        ['gone', 'b', undefined],
      ]);
    });

    it('takes rows whose text is longer than its columns', async () => {
      const { clock, cloud, inventory, repository } = await createStoredBench();
      cloud.put('server', { id: 's1', name: 'n'.repeat(400), metadata: { 'stackwarden.uid': 'u'.repeat(200) } });
      await clock.until(inventory.sweep());
      expect(inventory.storing()).toEqual({ waiting: 0 });
      expect(await repository.load()).toHaveLength(1);
    });

    it('can be erased, and belongs to one cluster', async () => {
      const { clock, cloud, inventory, repository, open } = await createStoredBench();
      cloud.put('server', { id: 's1' });
      const other = open({ cluster: 'other' });
      await clock.until(Promise.all([inventory.sweep(), other.sweep()]));
      await clock.until(other.stop());
      await other.erase();
      expect(await repository.load()).toHaveLength(1);
      await clock.until(inventory.stop());
      await inventory.erase();
      expect(await repository.load()).toEqual([]);
      expect(await repository.changes()).toEqual([]);
    });
  });
}
