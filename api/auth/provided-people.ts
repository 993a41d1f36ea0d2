import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { Store, Transaction } from '#migrations/store.ts';
import { allRoles, checkRoles } from './grants.ts';
import type { ProvidedPerson } from './oidc.ts';
import { usernameOf } from './person.ts';
import { Refusal } from './refusal.ts';

/**
 * The account of somebody an identity provider vouches for, made at the first sign-in; their roles from there are those of their groups now.
 * Throws a Refusal. An account with a password is never taken over because the names are alike.
 */
export async function accountOf(
  store: Store,
  { issuer, subject, roles, email, displayName, ...given }: ProvidedPerson,
  { now, checkRootLeft }: { now: () => number; checkRootLeft: (tx: Transaction) => Promise<void> },
): Promise<{ readonly id: string; readonly username: string }> {
  return store.tx(async (tx) => {
    await tx.next('people', 0);
    const { users, roleBindings } = tx.tables;
    checkRoles(await allRoles(tx), roles);
    const isThey = and(eq(users.subject, subject), eq(users.issuer, issuer));
    const [known] = await tx.db.select().from(users).where(isThey).limit(1);
    if (known && known.state !== 'active') throw new Refusal(401, 'SignInFailed', 'The account is not active. Ask an admin.');
    const id = known?.id ?? randomUUID();
    const username = known?.username ?? usernameOf(given.username);
    const before = await tx.db.select().from(roleBindings).where(eq(roleBindings.userId, id));
    if (roles.length === 0 && !before.some(({ source }) => source === 'manual'))
      throw new Refusal(403, 'NoRole', 'None of your groups has a role here. Ask an admin.');
    if (known) await tx.db.update(users).set({ email, displayName, lastLoginAt: now() }).where(eq(users.id, id));
    else {
      const [taken] = await tx.db.select({ id: users.id }).from(users).where(eq(users.username, username)).limit(1);
      if (taken) throw new Refusal(409, 'AlreadyExists', `There is another account ${username} here. Ask an admin to remove one of them.`);
      const fresh = { state: 'active' as const, createdAt: now(), lastLoginAt: now(), createdBy: 'identity provider', version: 1 };
      await tx.db.insert(users).values({ ...fresh, id, username, email, displayName, issuer, subject });
    }
    const isProvided = and(eq(roleBindings.userId, id), eq(roleBindings.source, 'provider'));
    await tx.db.delete(roleBindings).where(isProvided);
    const bindings = roles.map((role) => ({
      ...role,
      id: randomUUID(),
      userId: id,
      source: 'provider' as const,
      createdAt: now(),
      createdBy: 'identity provider',
    }));
    if (bindings.length > 0) await tx.db.insert(roleBindings).values(bindings);
    if (before.some(({ role }) => role === 'super_admin')) await checkRootLeft(tx);
    return { id, username };
  });
}
