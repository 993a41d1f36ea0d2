import { eq } from 'drizzle-orm';
import type { Store, Transaction } from '#migrations/store.ts';
import { everywhere } from './decide.ts';
import { checkCovers, isBuiltIn, permissionsIn } from './grants.ts';
import type { Identity } from './identity.ts';
import { builtInRoles, type Permission, rolePermissions } from './permissions.ts';
import { outdated, Refusal } from './refusal.ts';

/** The four roles of the table, and those made beside them. What breaks a rule throws a Refusal. */
export interface Roles {
  /** The built-in ones first, the others by name. */
  list(): Promise<Role[]>;
  get(name: string): Promise<Role>;
  create(role: RoleText & { readonly name: string }, by: Identity): Promise<Role>;
  change(name: string, role: Partial<RoleText>, by: Identity, version?: number): Promise<{ readonly before: Role; readonly after: Role }>;
  /** Refused while somebody has it. */
  remove(name: string, by: Identity, version?: number): Promise<Role>;
}

export interface RoleText {
  readonly description: string;
  readonly permissions: readonly Permission[];
}

export interface Role extends RoleText {
  readonly name: string;
  readonly isBuiltIn: boolean;
  /** How many times it is granted. */
  readonly uses: number;
  /** Counts changes, for If-Match; 0 of built-in ones. */
  readonly version: number;
}

const builtIn: Readonly<Record<(typeof builtInRoles)[number], string>> = {
  viewer: 'Sees everything but people, secrets, consoles and the audit log',
  operator: 'Works what is there: power, volumes, snapshots, consoles and terminals',
  admin: 'Creates and deletes, connects clouds, and manages people',
  super_admin: 'Everything, with roles, keys and the length of the audit log',
};

export function createRoles(store: Store, now: () => number): Roles {
  const { roles, roleBindings, invitations } = store.tables;
  const alone = <T>(run: (tx: Transaction) => Promise<T>): Promise<T> =>
    store.tx(async (tx) => {
      await tx.next('people', 0);
      return run(tx);
    });

  async function list({ db }: Pick<Transaction, 'db'>): Promise<Role[]> {
    const bound = await db.select({ role: roleBindings.role }).from(roleBindings);
    const uses = (name: string) => bound.filter(({ role }) => role === name).length;
    const own = await db.select().from(roles).orderBy(roles.name);
    return [
      ...builtInRoles.map((name) => ({
        name,
        description: builtIn[name],
        permissions: rolePermissions[name],
        isBuiltIn: true,
        uses: uses(name),
        version: 0,
      })),
      ...own.map(({ name, description, permissions, version }) => ({
        name,
        description,
        permissions: permissionsIn(permissions),
        isBuiltIn: false,
        uses: uses(name),
        version,
      })),
    ];
  }

  async function read(queries: Pick<Transaction, 'db'>, name: string): Promise<Role> {
    const found = (await list(queries)).find((role) => role.name === name);
    if (!found) throw new Refusal(404, 'NotFound', `There is no role ${name}; GET /api/v1/roles lists them.`);
    return found;
  }

  /** A role of one's own, at the version the caller knows. */
  async function changeable(tx: Transaction, name: string, version: number | undefined): Promise<Role> {
    const role = await read(tx, name);
    if (role.isBuiltIn)
      throw new Refusal(409, 'BuiltInRole', `Role ${name} is built in and stays as it is. Make one of your own beside it.`);
    if (version !== undefined && version !== role.version) throw outdated(`Role ${name}`, role.version);
    return role;
  }

  const checkGives = (by: Identity, name: string, permissions: readonly Permission[]) =>
    checkCovers(by, [{ role: name, permissions: new Set(permissions), ...everywhere }], 'Making such a role');

  return {
    list: () => list(store),
    get: (name) => read(store, name),
    create: ({ name, description, permissions }, by) =>
      alone(async (tx) => {
        const isTaken = isBuiltIn(name) || (await list(tx)).some((role) => role.name === name);
        if (isTaken)
          throw new Refusal(409, 'AlreadyExists', `name: There is a role ${name} already; choose another name.`, { field: 'name' });
        checkGives(by, name, permissions);
        await tx.db.insert(roles).values({ name, description, permissions, updatedAt: now(), updatedBy: by.user, version: 1 });
        return read(tx, name);
      }),
    change: (name, text, by, version) =>
      alone(async (tx) => {
        const before = await changeable(tx, name, version);
        // What is taken away counts as well: who has it would lose what the author never had to give.
        checkGives(by, name, [...before.permissions, ...(text.permissions ?? [])]);
        await tx.db
          .update(roles)
          .set({ ...text, updatedAt: now(), updatedBy: by.user, version: before.version + 1 })
          .where(eq(roles.name, name));
        return { before, after: await read(tx, name) };
      }),
    remove: (name, by, version) =>
      alone(async (tx) => {
        const role = await changeable(tx, name, version);
        checkGives(by, name, role.permissions);
        const invited = (await tx.db.select().from(invitations)).filter(
          ({ usedAt, expiresAt, bindings }) =>
            usedAt === null && expiresAt > now() && (bindings as readonly { role: string }[]).some((each) => each.role === name),
        );
        if (role.uses > 0 || invited.length > 0) {
          const who = `${role.uses} people have it and ${invited.length} open invitations give it`;
          throw new Refusal(409, 'RoleInUse', `Role ${name} cannot be removed: ${who}. Take it away from them first.`);
        }
        await tx.db.delete(roles).where(eq(roles.name, name));
        return role;
      }),
  };
}
