import { createHash, randomBytes } from 'node:crypto';
import { and, eq, isNull, lt, or } from 'drizzle-orm';
import { Secret, TOTP } from 'otpauth';
import type { Store } from '#migrations/store.ts';
import { type KeyProvider, newDataKey, open, type Sealed } from '../kube/encryption.ts';
import { Refusal } from './refusal.ts';

/** Codes of an authenticator app (TOTP: SHA-1, 6 digits, 30 s, as all apps know it), and recovery codes for when it is lost. */
export interface SecondFactor {
  /** A new secret, to be confirmed with a code; a factor that is in use stays until then. Told this once. */
  enrol(userId: string): Promise<{ readonly secret: string; readonly uri: string }>;
  /** Takes the new secret into use when the code fits, and gives recovery codes, told this once. Throws a Refusal. */
  confirm(userId: string, code: string): Promise<readonly string[]>;
  /** Whether a code, or an unused recovery code, is right. Each is right once. */
  check(userId: string, code: string): Promise<boolean>;
  remove(userId: string): Promise<void>;
}

/** Stored in `users.totp`. */
interface Stored {
  readonly inUse?: Sealed;
  readonly enrolled?: Sealed;
}

const stepSeconds = 30;
const recoveryCodes = 10;

export function hasSecondFactor(totp: unknown): boolean {
  return (totp as Stored | null)?.inUse !== undefined;
}

export function createSecondFactor(store: Store, { keys, now }: { keys: KeyProvider; now: () => number }): SecondFactor {
  const { db, tables } = store;
  const { users } = tables;
  const find = async (userId: string) => {
    const [user] = await db.select().from(users).where(eq(users.id, userId)).limit(1);
    if (!user) throw new Refusal(404, 'NotFound', 'There is no such person.');
    return { user, totp: (user.totp ?? {}) as Stored };
  };
  const context = (userId: string) => `users|${userId}|totp`;

  /** The step a code belongs to, one before and one behind now included; undefined for a wrong one. */
  async function stepOf(userId: string, sealed: Sealed, code: string): Promise<number | undefined> {
    if (!/^\d{6}$/.test(code)) return undefined;
    const totp = totpOf('', await open(keys, sealed, context(userId)));
    const delta = totp.validate({ token: code, timestamp: now(), window: 1 });
    return delta === null ? undefined : Math.floor(now() / 1000 / stepSeconds) + delta;
  }

  /** Whether nobody was let in with a code of this step or a later one before; two at once do not both get in. */
  async function takeStep(userId: string, step: number): Promise<boolean> {
    const isUnused = and(eq(users.id, userId), or(isNull(users.totpStep), lt(users.totpStep, step)));
    return (await store.changed(db.update(users).set({ totpStep: step }).where(isUnused))) === 1;
  }

  async function takeRecoveryCode(userId: string, code: string): Promise<boolean> {
    const hash = recoveryHash(code);
    return store.tx(async (tx) => {
      await tx.next('people', 0);
      const [user] = await tx.db.select({ codes: users.recoveryCodes }).from(users).where(eq(users.id, userId));
      const codes = (user?.codes ?? []) as readonly string[];
      if (!codes.includes(hash)) return false;
      const left = codes.filter((each) => each !== hash);
      await tx.db.update(users).set({ recoveryCodes: left }).where(eq(users.id, userId));
      return true;
    });
  }

  return {
    async enrol(userId) {
      const { user, totp } = await find(userId);
      const secret = new Secret({ size: 20 }).base32;
      const enrolled = (await newDataKey(keys)).seal(secret, context(userId));
      await db
        .update(users)
        .set({ totp: { ...totp, enrolled } })
        .where(eq(users.id, userId));
      return { secret, uri: totpOf(user.username, secret).toString() };
    },
    async confirm(userId, code) {
      const { totp } = await find(userId);
      if (!totp.enrolled) throw new Refusal(409, 'NotEnrolled', 'There is no new second factor to confirm: ask for one first.');
      const step = await stepOf(userId, totp.enrolled, code);
      if (step === undefined || !(await takeStep(userId, step)))
        throw new Refusal(
          400,
          'WrongCode',
          'code: It does not fit. Check the clock of your device, wait for the next code, and try that.',
          {
            field: 'code',
          },
        );
      const codes = Array.from({ length: recoveryCodes }, newRecoveryCode);
      await db
        .update(users)
        .set({ totp: { inUse: totp.enrolled }, recoveryCodes: codes.map(recoveryHash) })
        .where(eq(users.id, userId));
      return codes;
    },
    async check(userId, code) {
      const { totp } = await find(userId);
      if (!totp.inUse) return false;
      const step = await stepOf(userId, totp.inUse, code);
      return step === undefined ? takeRecoveryCode(userId, code) : takeStep(userId, step);
    },
    async remove(userId) {
      await db.update(users).set({ totp: null, totpStep: null, recoveryCodes: null }).where(eq(users.id, userId));
    },
  };
}

function totpOf(label: string, secret: string): TOTP {
  return new TOTP({ issuer: 'Stackwarden', label, algorithm: 'SHA1', digits: 6, period: stepSeconds, secret: Secret.fromBase32(secret) });
}

/** 80 random bits, so that a plain hash is enough. */
function newRecoveryCode(): string {
  return (randomBytes(10).toString('hex').match(/.{5}/g) ?? []).join('-');
}

function recoveryHash(code: string): string {
  return createHash('sha256').update(code.toLowerCase().replaceAll(/[\s-]/g, '')).digest('hex');
}
