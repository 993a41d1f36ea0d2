import { openStore } from './store.ts';

/**
 * Writes pairs of rows, each pair in one transaction, as fast as it can, and prints the number of every pair that is committed. To be
 * killed in the middle.
 */
const store = await openStore(process.argv[2] ?? '');
for (;;) {
  const pair = await store.tx(async (tx) => {
    const version = await tx.next('pairs');
    for (const resource of ['left', 'right']) {
      const row = {
        resource,
        namespace: '',
        name: `n-${version}`,
        uid: 'u',
        resourceVersion: version,
        body: 'x'.repeat(2000),
        createdAt: 1,
      };
      await tx.db.insert(tx.tables.objects).values(row);
    }
    return version;
  });
  process.stdout.write(`${pair}\n`);
}
