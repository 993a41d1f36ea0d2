import { eq } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';
import type { Passwords } from './passwords.ts';
import { Refusal } from './refusal.ts';
import { hasSecondFactor, type SecondFactor } from './second-factor.ts';
import type { Session, Sessions } from './sessions.ts';
import type { SignInLimits } from './sign-in-limits.ts';

/** Makes sessions out of passwords and codes. */
export interface SignIn {
  /**
   * Throws a Refusal, the same and after the same work whether the name, the password or the state of the account is at fault. A session
   * at stage `password` lets in nowhere until `second` was given.
   */
  first(credentials: Credentials): Promise<Begun>;
  /** The session at stage `password` ends, and one with another cookie begins. Throws a Refusal. */
  second(half: Session, code: string): Promise<Begun>;
  /** Has somebody who is signed in give the password again. Throws a Refusal. */
  prove(userId: string, password: string, address: string): Promise<void>;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly address: string;
  readonly userAgent: string;
}

export interface Begun {
  readonly cookie: string;
  readonly session: Session;
  readonly username: string;
}

/** Whose sign-in failed; `username` only when there is such a person, for people type passwords into the wrong field. */
export class SignInFailed extends Refusal {
  readonly username: string | undefined;
  constructor(username: string | undefined, message: string) {
    super(401, 'SignInFailed', message);
    this.username = username;
  }
}

interface Parts {
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly secondFactor: SecondFactor;
  readonly limits: SignInLimits;
  readonly now: () => number;
}

export function createSignIn(store: Store, { passwords, sessions, secondFactor, limits, now }: Parts): SignIn {
  const { db } = store;
  const { users } = store.tables;

  async function rehash(id: string, old: string, password: string): Promise<void> {
    const passwordHash = await passwords.hash(password);
    // Not when it was changed meanwhile: the old password must not come back.
    await store.tx(async (tx) => {
      await tx.next('people', 0);
      const [row] = await tx.db.select({ hash: users.passwordHash }).from(users).where(eq(users.id, id));
      if (row?.hash === old) await tx.db.update(users).set({ passwordHash }).where(eq(users.id, id));
    });
  }

  const noteSignIn = (id: string) => db.update(users).set({ lastLoginAt: now() }).where(eq(users.id, id));

  return {
    async first({ password, address, userAgent, ...given }) {
      const username = given.username.trim().toLowerCase();
      await limits.begin(username, address);
      const [user] = await db.select().from(users).where(eq(users.username, username)).limit(1);
      const { isRight, isOld } = await passwords.verify(password, user?.passwordHash);
      if (!user || !isRight || user.state !== 'active')
        throw new SignInFailed(
          user?.username,
          'The username or the password is wrong, or the account is not active. Check both, or ask an admin.',
        );
      if (isOld && user.passwordHash !== null) await rehash(user.id, user.passwordHash, password);
      await limits.succeeded(username, address);
      const stage = hasSecondFactor(user.totp) ? 'password' : 'whole';
      if (stage === 'whole') await noteSignIn(user.id);
      const begun = await sessions.start({ userId: user.id, stage, how: 'password', address, userAgent });
      return { ...begun, username: user.username };
    },
    async prove(userId, password, address) {
      const account = `password of ${userId}`;
      await limits.begin(account, address);
      const [user] = await db.select().from(users).where(eq(users.id, userId)).limit(1);
      if (!(await passwords.verify(password, user?.passwordHash)).isRight)
        throw new Refusal(403, 'WrongPassword', 'The password you have now is another one. Try again.');
      await limits.succeeded(account, address);
    },
    async second({ id, userId, how, address, userAgent }, code) {
      const [user] = await db.select().from(users).where(eq(users.id, userId)).limit(1);
      const account = `second factor of ${userId}`;
      await limits.begin(account, address);
      if (user?.state !== 'active' || !(await secondFactor.check(userId, code)))
        throw new SignInFailed(user?.username, 'The code is wrong or was used before. Wait for the next one, or use a recovery code.');
      await limits.succeeded(account, address);
      // Whoever saw the first cookie before does not hold the second.
      if (!(await sessions.end(userId, id))) throw new SignInFailed(user.username, 'This sign-in has ended. Begin again.');
      await noteSignIn(userId);
      const begun = await sessions.start({ userId, stage: 'whole', how, address, userAgent });
      return { ...begun, username: user.username };
    },
  };
}
