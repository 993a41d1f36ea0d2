import { expect, it } from 'vitest';
import { FakeClock } from '#controller/engine/testing/fake-clock.ts';
import { keepTidy } from './housekeeping.ts';

it('forgets at once and every hour, goes on after a failure, and ends when told', async () => {
  const clock = new FakeClock();
  const logged: string[] = [];
  let rounds = 0;
  const forget = () => {
    rounds += 1;
    return rounds === 2 ? Promise.reject(new Error('disk full')) : Promise.resolve(rounds);
  };
  const end = keepTidy({ forget }, { clock, log: (level, message) => void logged.push(`${level} ${message}`) });
  await clock.advance(2 * 3_600_000 + 1);
  expect(rounds).toBe(3);
  expect(logged).toEqual([
    'info removed old history',
    'warn old history could not be removed; tries again in an hour',
    'info removed old history',
  ]);
  await end();
  await clock.advance(3 * 3_600_000);
  expect(rounds).toBe(3);
});
