import { randomUUID } from 'node:crypto';
import { and, asc, type Column, eq, gt, inArray, or, sql } from 'drizzle-orm';
import type { Queries, Store, Transaction } from '#migrations/store.ts';
import { allRoles, checkCovers, checkRoles, grantsOf, type RoleAt } from './grants.ts';
import type { Identity } from './identity.ts';
import type { ProvidedPerson } from './oidc.ts';
import { checkPassword, type Passwords } from './passwords.ts';
import { type Binding, type Person, personOf, usernameOf } from './person.ts';
import { accountOf } from './provided-people.ts';
import { outdated, Refusal } from './refusal.ts';

/**
 * Who may sign in, and with which roles where. What breaks a rule throws a Refusal: nobody gives or takes over what they do not have, and
 * somebody active stays super_admin everywhere.
 */
export interface People {
  list(filter: PeopleFilter): Promise<{ readonly items: readonly Person[]; readonly next?: string }>;
  get(id: string): Promise<Person>;
  create(person: NewPerson, by: Author): Promise<Person>;
  /** Ends all their sessions when the password changes or they are no longer active. `before` is what they were. */
  change(id: string, changes: PersonChanges, by: Author, version?: number): Promise<{ readonly before: Person; readonly after: Person }>;
  remove(id: string, by: Identity, version?: number): Promise<Person>;
  bind(id: string, role: RoleAt, by: Identity): Promise<{ readonly person: Person; readonly binding: Binding }>;
  unbind(id: string, bindingId: string, by: Identity): Promise<{ readonly person: Person; readonly binding: Binding }>;
  /** The account of somebody an identity provider vouches for; see accountOf. */
  provided(person: ProvidedPerson): Promise<{ readonly id: string; readonly username: string }>;
  /** Throws a Refusal unless `by` may all that the person may. */
  checkMayHandle(id: string, by: Identity): Promise<Person>;
}

/** A person, or a way to become one: `self` may not bring roles but those that were agreed on before. */
export type Author = Identity | { readonly self: string };

export interface PeopleFilter {
  readonly state?: Person['state'];
  /** Part of username, display name or e-mail. */
  readonly text?: string;
  readonly limit: number;
  /** The username behind which the page begins. */
  readonly after?: string;
}

export interface NewPerson {
  readonly username: string;
  readonly email?: string | null;
  readonly displayName?: string | null;
  readonly password?: string;
  readonly state?: Person['state'];
  readonly bindings?: readonly RoleAt[];
}

export interface PersonChanges {
  readonly email?: string | null;
  readonly displayName?: string | null;
  readonly state?: 'active' | 'disabled';
  readonly password?: string;
}

const mostPeople = 100_000;

export function createPeople(store: Store, { passwords, now }: { passwords: Passwords; now: () => number }): People {
  const { users, roleBindings, sessions, apiTokens, preferences } = store.tables;

  /** One write at a time, also between processes: rules over all people hold at every moment. */
  const alone = <T>(run: (tx: Transaction) => Promise<T>): Promise<T> =>
    store.tx(async (tx) => {
      await tx.next('people', 0);
      return run(tx);
    });

  async function read({ db }: Queries, id: string): Promise<Person> {
    const [row] = await db.select().from(users).where(eq(users.id, id)).limit(1);
    if (!row) throw new Refusal(404, 'NotFound', 'There is no such person. GET /api/v1/users lists them.');
    return personOf(row, await db.select().from(roleBindings).where(eq(roleBindings.userId, id)));
  }

  async function handled(tx: Queries, id: string, by: Author): Promise<Person> {
    const person = await read(tx, id);
    const isOwn = !('self' in by) && by.userId === id && !by.isNarrowed;
    if (!('self' in by) && !isOwn) checkCovers(by, grantsOf(await allRoles(tx), person.bindings), `To change ${person.username}`);
    return person;
  }

  async function addBindings(tx: Transaction, id: string, places: readonly RoleAt[], by: Author): Promise<Binding[]> {
    const roles = await allRoles(tx);
    checkRoles(roles, places);
    if (!('self' in by)) checkCovers(by, grantsOf(roles, places), 'Granting this');
    const bindings = places.map(({ role, cluster, namespace }) => ({
      id: randomUUID(),
      role,
      cluster,
      namespace,
      source: 'manual' as const,
      createdAt: now(),
      createdBy: nameOf(by),
    }));
    if (bindings.length > 0) await tx.db.insert(roleBindings).values(bindings.map((binding) => ({ ...binding, userId: id })));
    return bindings;
  }

  /** Undoes the transaction when nobody is left who may everything. */
  async function checkRootLeft({ db }: Transaction): Promise<void> {
    const isRoot = and(eq(roleBindings.role, 'super_admin'), eq(roleBindings.cluster, '*'), eq(roleBindings.namespace, '*'));
    const roots = await db.select({ id: roleBindings.userId }).from(roleBindings).where(isRoot);
    const ids = roots.map(({ id }) => id);
    const active = ids.length === 0 ? [] : await db.select({ id: users.id }).from(users).where(inUse(ids)).limit(1);
    if (active.length > 0) return;
    const message = 'Nobody active would be left who is super_admin everywhere. Make somebody else super_admin first.';
    throw new Refusal(409, 'LastSuperAdmin', message);
  }
  const inUse = (ids: string[]) => and(inArray(users.id, ids), eq(users.state, 'active'));
  const isRoot = ({ state, bindings }: Person) =>
    state === 'active' && bindings.some(({ role, cluster, namespace }) => role === 'super_admin' && cluster === '*' && namespace === '*');

  return {
    async list({ state, text, limit, after }) {
      // `!` escapes alike on both engines; a backslash does not.
      const pattern = text === undefined ? undefined : `%${text.toLowerCase().replaceAll(/[!%_]/g, '!$&')}%`;
      const contains = (column: Column) => sql`lower(${column}) like ${pattern} escape '!'`;
      const where = and(
        state === undefined ? undefined : eq(users.state, state),
        after === undefined ? undefined : gt(users.username, after),
        pattern === undefined ? undefined : or(contains(users.username), contains(users.email), contains(users.displayName)),
      );
      const rows = await store.db
        .select()
        .from(users)
        .where(where)
        .orderBy(asc(users.username))
        .limit(limit + 1);
      const page = rows.slice(0, limit);
      const ids = page.map(({ id }) => id);
      const bindings = ids.length === 0 ? [] : await store.db.select().from(roleBindings).where(inArray(roleBindings.userId, ids));
      const last = page.at(-1);
      return { items: page.map((row) => personOf(row, bindings)), ...(last && rows.length > limit && { next: last.username }) };
    },
    get: (id) => read(store, id),
    async create(person, by) {
      const username = usernameOf(person.username);
      if (person.password !== undefined) checkPassword(person.password, [username, person.email ?? '']);
      const passwordHash = person.password === undefined ? null : await passwords.hash(person.password);
      return alone(async (tx) => {
        const [taken] = await tx.db.select({ id: users.id }).from(users).where(eq(users.username, username)).limit(1);
        const field = 'username';
        if (taken) throw new Refusal(409, 'AlreadyExists', `username: ${username} is taken; choose another.`, { field });
        const [count] = await tx.db.select({ n: sql<number>`count(*)` }).from(users);
        if (Number(count?.n) >= mostPeople) throw new Refusal(409, 'TooManyPeople', `There are ${mostPeople} people; remove some first.`);
        const id = randomUUID();
        await tx.db.insert(users).values({
          id,
          username,
          email: person.email ?? null,
          displayName: person.displayName ?? null,
          passwordHash,
          state: person.state ?? 'active',
          createdAt: now(),
          createdBy: nameOf(by),
          passwordChangedAt: passwordHash === null ? null : now(),
          version: 1,
        });
        await addBindings(tx, id, person.bindings ?? [], by);
        return read(tx, id);
      });
    },
    async change(id, { password, ...changes }, by, version) {
      const asked = await read(store, id);
      if (password !== undefined) checkPassword(password, [asked.username, asked.email ?? '']);
      const passwordHash = password === undefined ? undefined : await passwords.hash(password);
      return alone(async (tx) => {
        const before = await handled(tx, id, by);
        checkVersion(before, version);
        await tx.db
          .update(users)
          .set({ ...changes, ...(passwordHash !== undefined && { passwordHash, passwordChangedAt: now() }), version: before.version + 1 })
          .where(eq(users.id, id));
        const after = await read(tx, id);
        if (passwordHash !== undefined || after.state !== 'active') await tx.db.delete(sessions).where(eq(sessions.userId, id));
        if (isRoot(before) && !isRoot(after)) await checkRootLeft(tx);
        return { before, after };
      });
    },
    remove: (id, by, version) =>
      alone(async (tx) => {
        const person = await handled(tx, id, by);
        checkVersion(person, version);
        await tx.db.delete(users).where(eq(users.id, id));
        await tx.db.delete(roleBindings).where(eq(roleBindings.userId, id));
        await tx.db.delete(sessions).where(eq(sessions.userId, id));
        await tx.db.delete(apiTokens).where(eq(apiTokens.userId, id));
        await tx.db.delete(preferences).where(eq(preferences.userId, id));
        if (isRoot(person)) await checkRootLeft(tx);
        return person;
      }),
    bind: (id, role, by) =>
      alone(async (tx) => {
        const before = await read(tx, id);
        const same = before.bindings.find((each) => each.role === role.role && isSamePlace(each, role));
        if (same) throw new Refusal(409, 'AlreadyBound', `${before.username} has role ${role.role} there already.`);
        const [binding] = await addBindings(tx, id, [role], by);
        await raise(tx, before);
        return { person: await read(tx, id), binding: binding as Binding };
      }),
    unbind: (id, bindingId, by) =>
      alone(async (tx) => {
        const before = await read(tx, id);
        const binding = before.bindings.find((each) => each.id === bindingId);
        if (!binding) throw new Refusal(404, 'NotFound', `${before.username} has no such role; GET /api/v1/users/${id} lists theirs.`);
        if (by.userId !== id) checkCovers(by, grantsOf(await allRoles(tx), [binding]), 'Taking this away');
        await tx.db.delete(roleBindings).where(eq(roleBindings.id, bindingId));
        await raise(tx, before);
        const person = await read(tx, id);
        if (isRoot(before) && !isRoot(person)) await checkRootLeft(tx);
        return { person, binding };
      }),
    provided: (person) => accountOf(store, person, { now, checkRootLeft }),
    checkMayHandle: (id, by) => handled(store, id, by),
  };

  async function raise({ db }: Transaction, { id, version }: Person): Promise<void> {
    await db
      .update(users)
      .set({ version: version + 1 })
      .where(eq(users.id, id));
  }
}

function checkVersion(person: Person, version: number | undefined): void {
  if (version !== undefined && version !== person.version) throw outdated(person.username, person.version);
}

function isSamePlace(a: RoleAt, b: RoleAt): boolean {
  return a.cluster === b.cluster && a.namespace === b.namespace;
}

function nameOf(by: Author): string {
  return 'self' in by ? by.self : by.user;
}
