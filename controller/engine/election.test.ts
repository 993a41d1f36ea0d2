import { describe, expect, it } from 'vitest';
import { createTestClock, type TestClock } from '#controller/inventory/clock.fixture.ts';
import { seededRandom } from '#tests/parts/random.ts';
import { type Election, type ElectionOptions, type Lease, type LeaseStore, runElection } from './election.ts';

/** One Lease that several reach, each over a line of its own that can fail or be slow. */
function sharedLease(clock: TestClock) {
  let lease: Lease | undefined;
  let version = 0;
  const write = (next: Omit<Lease, 'version'>): Lease => (lease = { ...next, version: String(++version) });
  return {
    holder: () => lease?.holder,
    /** `fate` says of each call how long it takes, and whether its way there or back is cut. */
    line(fate: () => { readonly ms: number; readonly cut?: 'there' | 'back' } = () => ({ ms: 0 })): LeaseStore {
      const carry = async <T>(deed: () => T): Promise<T> => {
        const { ms, cut } = fate();
        await pass(clock, ms / 2);
        if (cut === 'there') throw new Error('the line is cut');
        const answer = deed();
        await pass(clock, ms / 2);
        if (cut === 'back') throw new Error('the line is cut');
        return answer;
      };
      return {
        read: () => carry(() => lease),
        create: (next) =>
          carry(() => {
            if (lease) throw new Error('it is there already');
            return write(next);
          }),
        replace: ({ version: known, ...next }) =>
          carry(() => {
            if (lease?.version !== known) throw new Error('conflict');
            return write(next);
          }),
      };
    },
  };
}

function pass(clock: TestClock, ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((done) => void clock.after(ms, done));
}

interface Candidate {
  readonly election: Election;
  readonly events: string[];
}

function candidate(identity: string, leases: LeaseStore, clock: TestClock, more: Partial<ElectionOptions> = {}): Candidate {
  const events: string[] = [];
  const election = runElection({
    leases,
    identity,
    notes: { url: `https://${identity}` },
    clock,
    random: () => 0.5,
    onLead: async () => void events.push('leads'),
    onEnd: async () => void events.push('ends'),
    log: () => undefined,
    ...more,
  });
  return { election, events };
}

describe('an election', () => {
  it('lets the first that asks lead, and everybody knows who it is', async () => {
    const clock = createTestClock();
    const shared = sharedLease(clock);
    const a = candidate('a', shared.line(), clock);
    await clock.advance(1);
    const b = candidate('b', shared.line(), clock);
    await clock.advance(3000);
    expect([a.events, b.events]).toEqual([['leads'], []]);
    expect(b.election.leader()).toEqual({ identity: 'a', notes: { url: 'https://a' } });
    await clock.advance(60_000);
    expect([a.events, b.events]).toEqual([['leads'], []]);
  });

  it('hands over at once when the leader lets go', async () => {
    const clock = createTestClock();
    const shared = sharedLease(clock);
    const a = candidate('a', shared.line(), clock);
    await clock.advance(1);
    const b = candidate('b', shared.line(), clock);
    await clock.advance(3000);
    await clock.until(a.election.stop());
    expect(a.events).toEqual(['leads', 'ends']);
    await clock.advance(3000);
    expect(b.events).toEqual(['leads']);
  });

  it('waits out the lease of a leader that is silent, and ends that one first', async () => {
    const clock = createTestClock();
    const shared = sharedLease(clock);
    let isCut = false;
    const cuttable = () => (isCut ? ({ ms: 0, cut: 'there' } as const) : { ms: 0 });
    const order: string[] = [];
    candidate('a', shared.line(cuttable), clock, { onEnd: async () => void order.push('a ends') });
    await clock.advance(1);
    candidate('b', shared.line(), clock, { onLead: async () => void order.push('b leads') });
    await clock.advance(3000);
    isCut = true;
    await clock.advance(9000);
    expect(order).toEqual([]);
    await clock.advance(12_000);
    expect(order).toEqual(['a ends', 'b leads']);
  });

  it('gives a candidate that was killed its lead back when it starts again', async () => {
    const clock = createTestClock();
    const shared = sharedLease(clock);
    let isDead = false;
    candidate(
      'a',
      shared.line(() => (isDead ? { ms: 0, cut: 'there' } : { ms: 0 })),
      clock,
    );
    await clock.advance(1000);
    isDead = true;
    const again = candidate('a', shared.line(), clock);
    await clock.advance(1000);
    expect(again.events).toEqual(['leads']);
  });

  it('renews while what the lead began is still starting, and ends it only then', async () => {
    const clock = createTestClock();
    const shared = sharedLease(clock);
    const order: string[] = [];
    const a = candidate('a', shared.line(), clock, {
      onLead: async () => {
        await pass(clock, 40_000);
        order.push('began');
      },
      onEnd: async () => void order.push('ended'),
    });
    await clock.advance(30_000);
    expect(a.election.leads()).toBe(true);
    await clock.until(a.election.stop());
    expect(order).toEqual(['began', 'ended']);
    expect(shared.holder()).toBe('');
  });

  it('never has two leaders, whatever the lines do, and has one again when they are good', async () => {
    const random = seededRandom('election');
    for (let round = 0; round < 20; round += 1) {
      const clock = createTestClock();
      const shared = sharedLease(clock);
      let isBad = true;
      const leading = new Set<string>();
      const most: number[] = [];
      const fate = () => {
        if (!isBad) return { ms: 20 };
        const ms = random() < 0.2 ? random() * 3900 : random() * 200;
        const dice = random();
        return dice < 0.25 ? ({ ms, cut: 'there' } as const) : dice < 0.4 ? ({ ms, cut: 'back' } as const) : { ms };
      };
      for (const name of ['a', 'b', 'c', 'd'])
        candidate(name, shared.line(fate), clock, {
          random,
          onLead: async () => {
            leading.add(name);
            most.push(leading.size);
          },
          onEnd: async () => void leading.delete(name),
        });
      await clock.advance(300_000);
      isBad = false;
      await clock.advance(40_000);
      expect(Math.max(...most), `round ${round}`).toBe(1);
      expect(leading.size, `round ${round}`).toBe(1);
    }
  });
});
