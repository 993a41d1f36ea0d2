import { randomBytes, randomUUID } from 'node:crypto';
import { and, desc, eq, isNull } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';
import { allRoles, checkCovers, checkRoles, grantsOf, type RoleAt } from './grants.ts';
import type { Identity } from './identity.ts';
import type { People } from './people.ts';
import type { Person } from './person.ts';
import { Refusal } from './refusal.ts';
import { hashOf } from './sessions.ts';

/** Ways in for people who choose name and password themselves, with roles that were agreed on before. Refusals as in people.ts. */
export interface Invitations {
  /** Open ones, the newest first. */
  list(): Promise<Invitation[]>;
  /** `token` is told this once. */
  create(invitation: NewInvitation, by: Identity): Promise<{ readonly token: string; readonly invitation: Invitation }>;
  remove(id: string): Promise<Invitation>;
  /** Each is good for one person. */
  accept(token: string, person: { username: string; password: string; displayName?: string | null }): Promise<Person>;
}

export interface NewInvitation {
  readonly email: string | null;
  readonly bindings: readonly RoleAt[];
  readonly expiresAt: number;
}

export interface Invitation extends NewInvitation {
  readonly id: string;
  readonly createdAt: number;
  readonly createdBy: string;
}

export function createInvitations(store: Store, { people, now }: { people: People; now: () => number }): Invitations {
  const { db } = store;
  const { invitations } = store.tables;
  type Row = typeof invitations.$inferSelect;
  const shown = ({ hash: _hash, usedAt: _usedAt, bindings, ...row }: Row): Invitation => ({ ...row, bindings: bindings as RoleAt[] });
  const isOpen = ({ usedAt, expiresAt }: Row) => usedAt === null && expiresAt > now();

  return {
    async list() {
      const rows = await db.select().from(invitations).where(isNull(invitations.usedAt)).orderBy(desc(invitations.createdAt));
      return rows.filter(isOpen).map(shown);
    },
    async create(invitation, by) {
      const roles = await allRoles(store);
      checkRoles(roles, invitation.bindings);
      checkCovers(by, grantsOf(roles, invitation.bindings), 'Such an invitation');
      const token = `swi-${randomBytes(32).toString('base64url')}`;
      const row: Invitation = { ...invitation, id: randomUUID(), createdAt: now(), createdBy: by.user };
      await db.insert(invitations).values({ ...row, hash: hashOf(token), usedAt: null });
      return { token, invitation: row };
    },
    async remove(id) {
      const [row] = await db.select().from(invitations).where(eq(invitations.id, id)).limit(1);
      if (!row || !isOpen(row)) throw new Refusal(404, 'NotFound', 'There is no such open invitation. GET /api/v1/invitations lists them.');
      await db.delete(invitations).where(eq(invitations.id, id));
      return shown(row);
    },
    async accept(token, person) {
      const [row] = await db
        .select()
        .from(invitations)
        .where(eq(invitations.hash, hashOf(token)))
        .limit(1);
      const gone = new Refusal(410, 'InvitationOver', 'This invitation was used, taken back or has expired. Ask for another one.');
      if (!row || !isOpen(row)) throw gone;
      const isOurs = and(eq(invitations.id, row.id), isNull(invitations.usedAt));
      // Taken first: of two who come at once one gets in.
      if ((await store.changed(db.update(invitations).set({ usedAt: now() }).where(isOurs))) !== 1) throw gone;
      try {
        const { email, bindings, createdBy } = shown(row);
        return await people.create({ ...person, email, bindings }, { self: `invitation by ${createdBy}` });
      } catch (error) {
        // A name that is taken, a password too short: the invitation stays good.
        await db.update(invitations).set({ usedAt: null }).where(eq(invitations.id, row.id));
        throw error;
      }
    },
  };
}
