import { createHash } from 'node:crypto';
import { eq, inArray, lte } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';
import { Refusal } from './refusal.ts';

/** Slows guessing down, per account and address and per address; never shuts anybody out for good. */
export interface SignInLimits {
  /**
   * Called before a try is looked at: counts it as failed until `succeeded` says otherwise, so that tries sent at once count too. Throws a
   * Refusal (429) while there have been too many. `account`: it tells nothing about guessing, and the address is not held to account.
   */
  begin(account: string, address: string, counts?: 'both' | 'account'): Promise<void>;
  succeeded(account: string, address: string): Promise<void>;
}

/** So many failures cost nothing: people mistype, and offices share an address. */
const free = { account: 5, address: 30 } as const;
const longestMs = 15 * 60_000;
/** Without a failure for so long, it begins anew. */
const forgottenMs = 6 * 3_600_000;

export function createSignInLimits(store: Store, now: () => number): SignInLimits {
  const { signInFailures } = store.tables;
  const keysOf = (account: string, address: string) => {
    const network = networkOf(address);
    return { account: `account ${digest(account)} ${network}`, address: `address ${network}` };
  };

  return {
    async begin(account, address, counts = 'both') {
      const keys = keysOf(account, address);
      const kinds = counts === 'both' ? (['account', 'address'] as const) : (['account'] as const);
      const blockedUntil = await store.tx(async (tx) => {
        // One at a time: two tries that came together would else both count as the first.
        await tx.next('sign_in', 0);
        const rows = await tx.db
          .select()
          .from(signInFailures)
          .where(
            inArray(
              signInFailures.key,
              kinds.map((kind) => keys[kind]),
            ),
          );
        const until = Math.max(0, ...rows.map((row) => row.blockedUntil));
        if (until > now()) return until;
        await tx.db.delete(signInFailures).where(lte(signInFailures.lastAt, now() - forgottenMs));
        const counted = kinds.map((kind) => {
          const row = rows.find(({ key, lastAt }) => key === keys[kind] && lastAt > now() - forgottenMs);
          const failures = (row?.failures ?? 0) + 1;
          return { key: keys[kind], failures, lastAt: now(), blockedUntil: now() + delayMs(failures - free[kind]) };
        });
        await tx.upsert(signInFailures, counted, { key: ['key'], update: ['failures', 'lastAt', 'blockedUntil'] });
        return 0;
      });
      if (blockedUntil === 0) return;
      const retryAfter = Math.ceil((blockedUntil - now()) / 1000);
      throw new Refusal(429, 'TooManyAttempts', `There were too many attempts. Try again in ${retryAfter} s.`, { retryAfter });
    },
    async succeeded(account, address) {
      const keys = keysOf(account, address);
      await store.tx(async (tx) => {
        await tx.next('sign_in', 0);
        await tx.db.delete(signInFailures).where(eq(signInFailures.key, keys.account));
        // Only this try is taken back: knowing one account must not buy more guesses at the others.
        const [row] = await tx.db.select().from(signInFailures).where(eq(signInFailures.key, keys.address));
        if (!row) return;
        const failures = row.failures - 1;
        await tx.db
          .update(signInFailures)
          .set({ failures, blockedUntil: now() + delayMs(failures - free.address) })
          .where(eq(signInFailures.key, keys.address));
      });
    },
  };
}

/** 1 s behind the last free failure, then twice as long each time. */
function delayMs(over: number): number {
  return over <= 0 ? 0 : Math.min(longestMs, 1000 * 2 ** (over - 1));
}

/** What one household or machine has: of IPv6 the first 64 bits. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const left = head.split(':').filter((part) => part !== '');
  const right = (tail ?? '').split(':').filter((part) => part !== '');
  const groups = [...left, ...Array.from({ length: tail === undefined ? 0 : 8 - left.length - right.length }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** What people type into the wrong field may be a password. */
function digest(account: string): string {
  return createHash('sha256').update(account).digest('hex');
}
