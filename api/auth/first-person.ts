import { randomUUID } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';
import type { Passwords } from './passwords.ts';
import { hashOf } from './sessions.ts';

const username = 'admin';
const noted = 'first person';

/**
 * Makes user `admin`, super_admin everywhere, with the first admin's secret as password: once for each secret, so that what people changed
 * or removed since stays so, and a secret that was made anew (its file was lost) opens the door again. A process that joins others on their
 * database has a secret of its own, which changes nobody's password.
 */
export async function ensureFirstPerson(
  store: Store,
  { secret, passwords, now }: { secret: string; passwords: Passwords; now: () => number },
): Promise<void> {
  const { db, tables } = store;
  const { apiTokens, settings } = tables;
  const isFirst = and(eq(apiTokens.user, username), isNull(apiTokens.userId));
  const first = await db.select({ id: apiTokens.id, hash: apiTokens.hash }).from(apiTokens).where(isFirst);
  const token = first.find(({ hash }) => hash === hashOf(secret));
  const [done] = await db.select({ value: settings.value }).from(settings).where(eq(settings.name, noted)).limit(1);
  if (!token || done?.value === token.id || (done && first.length > 1)) return;
  const passwordHash = await passwords.hash(secret);
  await store.tx(async (tx) => {
    await tx.next('people', 0);
    const { users, roleBindings, sessions } = tx.tables;
    const [known] = await tx.db.select({ id: users.id, version: users.version }).from(users).where(eq(users.username, username)).limit(1);
    const id = known?.id ?? randomUUID();
    const fresh = { passwordHash, passwordChangedAt: now(), state: 'active' as const, totp: null, totpStep: null, recoveryCodes: null };
    if (known) {
      await tx.db
        .update(users)
        .set({ ...fresh, version: known.version + 1 })
        .where(eq(users.id, id));
      await tx.db.delete(sessions).where(eq(sessions.userId, id));
    } else await tx.db.insert(users).values({ ...fresh, id, username, createdAt: now(), createdBy: 'system:stackwarden', version: 1 });
    const place = { role: 'super_admin', cluster: '*', namespace: '*' };
    const isRoot = and(eq(roleBindings.userId, id), eq(roleBindings.role, place.role), eq(roleBindings.cluster, '*'));
    const bound = await tx.db.select({ namespace: roleBindings.namespace }).from(roleBindings).where(isRoot);
    if (!bound.some(({ namespace }) => namespace === '*')) {
      const binding = { ...place, id: randomUUID(), userId: id, source: 'manual' as const, createdAt: now() };
      await tx.db.insert(roleBindings).values({ ...binding, createdBy: 'system:stackwarden' });
    }
    await tx.upsert(settings, { name: noted, value: token.id }, { key: ['name'], update: ['value'] });
  });
}
