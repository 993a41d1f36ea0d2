import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '#tests/parts/random.ts';
import { HIGH_BYTES } from './flow.ts';
import { type Page, until } from './page.fixture.ts';
import { openTown, type Somebody, type Town } from './town.fixture.ts';

/** A day of work in a minute: more by hand than CI has time for. */
const rounds = Number(process.env.STACKWARDEN_ROUNDS ?? 4);
const steps = 60;
const words = ['a', 'é', '漢', '💩', '\r\n', '\u001b[31m', 'lorem ipsum '];

describe('whatever the network and the page do', () => {
  let town: Town;
  let anna: Somebody;
  let chief: Somebody;
  beforeAll(async () => {
    town = await openTown({ settings: { perTarget: 100, perPerson: 100 } });
    anna = await town.browser('anna', 'operator');
    chief = await town.browser('chief', 'admin');
  }, 60_000);
  afterAll(() => town.close(), 60_000);

  it('a page has seen what the far side sent, byte for byte, and so have who watches and the recording', { timeout: 300_000 }, async () => {
    const random = seededRandom('terminal schedules');
    const below = (limit: number) => Math.floor(random() * limit);
    for (let round = 0; round < rounds; round += 1) {
      const { id, page: first, remote, recorder } = await town.open(anna);
      let page: Page | undefined = first;
      let seen = { shown: first.shown, at: first.at };
      let watcher: Page | undefined;
      let mostAhead = 0;
      /** Pieces are cut anywhere, also amid a character. */
      let half = Buffer.alloc(0);
      const say = (size: number) => {
        const text = Array.from({ length: size }, () => words[below(words.length)]).join('');
        const bytes = Buffer.concat([half, Buffer.from(text)]);
        const cut = bytes.length - below(3);
        half = bytes.subarray(cut);
        remote.say(bytes.subarray(0, cut));
      };
      const leave = () => {
        if (page?.isWhole) seen = { shown: page.shown, at: page.at };
        if (random() < 0.5) page?.socket.terminate();
        else page?.socket.close();
        page = undefined;
      };
      const come = async () => {
        const doesGoOn = random() < 0.7;
        page = town.page(anna, await town.ticket(anna, id), { acks: random() < 0.8 }, doesGoOn ? seen : undefined);
        await page.opened();
        page.send({ type: 'attach', cols: 40 + below(3), rows: 20 + below(3), ...(doesGoOn && { since: seen.at }) });
        if (random() < 0.2) return leave();
        if (random() < 0.5) await page.told('attached');
        return undefined;
      };
      const deeds: (() => unknown)[] = [
        () => say(1 + below(200)),
        () => say(1 + below(200)),
        () => {
          for (let count = below(20); count >= 0; count -= 1) say(8_000);
        },
        () => page?.socket.readyState === page?.socket.OPEN && page?.send({ type: 'resize', cols: 40 + below(100), rows: 10 + below(40) }),
        () => page && (page.acks = !page.acks) && page.socket.readyState === page.socket.OPEN && page.ack(),
        leave,
        () => page ?? come(),
        () => page ?? come(),
        // Another page in this one's place.
        () => (random() < 0.3 ? come() : undefined),
        async () => {
          watcher?.socket.close();
          watcher = town.page(chief, await town.ticket(chief, id, 'watch'), { acks: random() < 0.5 });
          await watcher.opened();
          watcher.send({ type: 'attach', cols: 80, rows: 24 });
        },
        () => new Promise((done) => setTimeout(done, below(10))),
      ];
      for (let step = 0; step < steps; step += 1) {
        await deeds[below(deeds.length)]?.();
        const ahead = page && page.at > 0 ? remote.saidBytes.length - remote.waitingBytes - page.at : 0;
        mostAhead = Math.max(mostAhead, ahead);
      }
      if (half.length > 0) remote.say(half);
      const all = remote.saidBytes;
      const sums = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
      const lastOne = async (): Promise<Page> => {
        if (!page) await come();
        return page ?? lastOne();
      };
      const last = await lastOne();
      last.acks = true;
      await last.told('attached');
      last.ack();
      await until(`round ${round}: ${last.shown.length} of ${all.length} are shown`, () => last.shown.length === all.length, 20_000);
      expect(sums(last.shown), `round ${round}`).toBe(sums(all));
      expect(sums(Buffer.from(recorder?.text ?? '')), `round ${round}, recording`).toBe(sums(all));
      if (watcher) {
        const one: Page = watcher;
        one.acks = true;
        await one.told('attached');
        one.ack();
        await until(`round ${round}: all is shown to who watches`, () => one.shown.length === all.length, 20_000);
        expect(sums(one.shown), `round ${round}, watched`).toBe(sums(all));
      }
      // What may be on its way: the bound, one piece of the far side, and what the test says before the page is asked.
      expect(mostAhead).toBeLessThan(HIGH_BYTES + 4 * 1024 * 1024);
      last.send({ type: 'end' });
      await last.ended();
    }
  });
});
