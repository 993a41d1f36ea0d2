import { createHash, randomBytes } from 'node:crypto';
import type { TicketPurpose } from './protocol.ts';

/** Whom a ticket lets in, and where to. */
export interface TicketBearer {
  readonly terminal: string;
  readonly user: string;
  readonly session: string | undefined;
  /** Network address the request came from. */
  readonly address: string;
}

export interface Ticket extends TicketBearer {
  readonly purpose: TicketPurpose;
}

/** Why a ticket lets nobody in, in words for the audit. */
export type TicketRefusal = 'is not known' | 'was used before' | 'is too old' | 'is for another terminal' | 'is somebody else’s';

/** Lets people in at once, where a browser can send no header: 256 random bits that are good for 30 s, once, for one person, session, terminal and purpose. */
export interface Tickets {
  /** `ticket` is told this once; what is kept is its hash. */
  issue(ticket: Ticket): { readonly ticket: string; readonly expiresAt: number };
  /** Whatever comes of it, the ticket is good no more. */
  take(ticket: string | undefined, bearer: TicketBearer): { readonly purpose: TicketPurpose } | { readonly refused: TicketRefusal };
  /** Tickets of a terminal that is over. */
  drop(terminal: string): void;
}

export const TICKET_MS = 30_000;
/** A used or stale ticket is known for so long, so that the audit tells it from one that never was. */
const rememberedMs = 10 * 60_000;
/** More than can be asked for in that time by everybody together. */
const most = 50_000;

interface Kept extends Ticket {
  readonly expiresAt: number;
  isUsed: boolean;
}

export function createTickets(now: () => number): Tickets {
  const kept = new Map<string, Kept>();
  const tidy = () => {
    // In the order they were made, and all live equally long.
    for (const [hash, { expiresAt }] of kept) {
      if (expiresAt + rememberedMs > now() && kept.size < most) return;
      kept.delete(hash);
    }
  };
  return {
    issue(ticket) {
      tidy();
      const secret = randomBytes(32).toString('base64url');
      const expiresAt = now() + TICKET_MS;
      kept.set(hashOf(secret), { ...ticket, expiresAt, isUsed: false });
      return { ticket: secret, expiresAt };
    },
    take(secret, { terminal, user, session, address }) {
      const found = secret === undefined ? undefined : kept.get(hashOf(secret));
      if (!found) return { refused: 'is not known' };
      if (found.isUsed) return { refused: 'was used before' };
      found.isUsed = true;
      if (found.expiresAt <= now()) return { refused: 'is too old' };
      if (found.terminal !== terminal) return { refused: 'is for another terminal' };
      if (found.user !== user || found.session !== session || found.address !== address) return { refused: 'is somebody else’s' };
      return { purpose: found.purpose };
    },
    drop(terminal) {
      for (const found of kept.values()) if (found.terminal === terminal) found.isUsed = true;
    },
  };
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
