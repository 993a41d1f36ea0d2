import { randomUUID } from 'node:crypto';
import { inArray, or } from 'drizzle-orm';
import { appendIn } from '#controller/audit/append.ts';
import { toDraft } from '#controller/audit/row.ts';
import type { AuditEntry } from '#controller/engine/ports.ts';
import type { Store, Transaction } from '#migrations/store.ts';
import type { LegacyDatabase, LegacyRow } from './database.ts';
import { type LegacyPerson, personColumns, personOf } from './person.ts';
import type { Progress } from './progress.ts';
import type { Book, Tally } from './report.ts';
import { lineOf } from './values.ts';

export const importer = 'import-legacy';
const chunk = 100;
const kind = 'user';

export interface Importing {
  readonly old: LegacyDatabase;
  readonly store: Store;
  readonly progress: Progress;
  readonly book: Book;
  readonly now: () => number;
  /** Called after each piece that is committed; the place for words on how far it has come. */
  readonly came?: (table: string, rows: number) => void;
}

/** Brings the people of the old table `user`, and their names by id, for the log. */
export async function importPeople(
  importing: Importing,
  columns: readonly string[],
): Promise<{ tally: Tally; names: Map<number, string> }> {
  const { old, book, came } = importing;
  const tally = book.tally();
  const names = new Map<number, string>();
  const wanted = personColumns.filter((column) => columns.includes(column));
  for (let after = -Number.MAX_SAFE_INTEGER; ; ) {
    const rows = await old.rows('user', wanted, after, chunk);
    const last = rows.at(-1);
    if (!last) return { tally, names };
    after = last.id;
    tally.found += rows.length;
    for (const row of rows) names.set(row.id, lineOf(row['username'], 255) ?? `user ${row.id} of ${importing.progress.source}`);
    await bringChunk(importing, rows, tally);
    came?.('user', rows.length);
  }
}

async function bringChunk({ progress, book, now }: Importing, rows: readonly LegacyRow[], tally: Tally): Promise<void> {
  const done = await progress.targets(
    kind,
    rows.map(({ id }) => id),
  );
  const people = rows.filter(({ id }) => !done.has(id)).map((row) => ({ id: row.id, person: personOf(row, now()) }));
  tally.before += done.size;
  for (const { id, person } of people) if (!person) leaveOut(book, tally, id, 'there is no username');
  const known = people.filter((one): one is Arrival => one.person !== undefined);
  if (known.length === 0) return;
  // Told after the commit: a transaction may run more than once.
  const outcomes = await progress.step((tx) => settle(tx, progress, known, now()));
  for (const { id, person, outcome } of outcomes) {
    if (outcome === 'taken') tally.taken += 1;
    else if (outcome === 'joined') tally.joined += 1;
    else leaveOut(book, tally, id, outcome.leftOut);
    if (outcome === 'joined') book.differs(kind, id, `${person.username} is here already: keeps password and roles`);
    if (outcome === 'taken') for (const difference of person.differences) book.differs(kind, id, difference);
  }
}

interface Arrival {
  readonly id: number;
  readonly person: LegacyPerson;
}

type Settled = Arrival & { readonly outcome: 'taken' | 'joined' | { readonly leftOut: string } };

async function settle(tx: Transaction, progress: Progress, arrivals: readonly Arrival[], at: number): Promise<Settled[]> {
  const { users, roleBindings } = tx.tables;
  const { source } = progress;
  const here = await peopleHere(tx, arrivals);
  const brought = await progress.brought(
    tx,
    kind,
    here.map(({ id }) => id),
  );
  const usernames = new Map(here.map(({ id, username }) => [username, { id, isOther: brought.has(id) }]));
  const emails = new Set(here.map(({ email }) => email).filter((email) => email !== null));
  const entries: AuditEntry[] = [];
  const settled: Settled[] = [];
  for (const { id, person } of arrivals) {
    const same = usernames.get(person.username);
    if (same?.isOther) {
      settled.push({ id, person, outcome: { leftOut: `its username is, written alike, that of another: ${person.username}` } });
      continue;
    }
    if (same) {
      await progress.mark(tx, kind, id, same.id);
      settled.push({ id, person, outcome: 'joined' });
      continue;
    }
    const isShared = person.email !== null && emails.has(person.email);
    const email = isShared ? null : person.email;
    const differences = isShared ? [...person.differences, 'somebody else has the same e-mail address: left out'] : person.differences;
    const userId = randomUUID();
    const { username, displayName, passwordHash, state, createdAt, lastLoginAt, role } = person;
    await tx.db.insert(users).values({
      id: userId,
      username,
      email,
      displayName,
      passwordHash,
      state,
      createdAt,
      createdBy: importer,
      lastLoginAt,
      version: 1,
    });
    const binding = { id: randomUUID(), userId, role, cluster: '*', namespace: '*', source: 'manual' as const };
    await tx.db.insert(roleBindings).values({ ...binding, createdAt: at, createdBy: importer });
    await progress.mark(tx, kind, id, userId);
    usernames.set(username, { id: userId, isOther: true });
    if (email !== null) emails.add(email);
    entries.push(entryOf(person, role, source));
    settled.push({ id, person: { ...person, differences }, outcome: 'taken' });
  }
  if (entries.length > 0)
    await appendIn(
      tx,
      entries.map((entry) => toDraft(entry, at)),
    );
  return settled;
}

async function peopleHere(tx: Transaction, arrivals: readonly Arrival[]) {
  const { users } = tx.tables;
  const usernames = arrivals.map(({ person }) => person.username);
  const emails = arrivals.map(({ person }) => person.email).filter((email) => email !== null);
  return tx.db
    .select({ id: users.id, username: users.username, email: users.email })
    .from(users)
    .where(or(inArray(users.username, usernames), emails.length === 0 ? undefined : inArray(users.email, emails)));
}

function entryOf({ username, state }: LegacyPerson, role: string, source: string): AuditEntry {
  return {
    type: 'UserImported',
    actor: importer,
    changes: [{ path: 'user', from: null, to: { username, role, state } }],
    result: 'ok',
    message: `${username} was imported from ${source} as ${role}${state === 'disabled' ? ', disabled' : ''}.`,
    requestIds: [],
  };
}

function leaveOut(book: Book, tally: Tally, id: number, reason: string): void {
  tally.leftOut += 1;
  book.leaveOut(kind, id, reason);
}
