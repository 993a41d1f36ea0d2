import { afterAll, afterEach } from 'vitest';
import { takeAllTroubles } from './browser-troubles.ts';

/** In every file of project `browser`: what went wrong on a page fails the test it went wrong in, whatever that test looked at. */
function failOnTroubles(): void {
  const troubles = takeAllTroubles();
  if (troubles.length > 0) throw new Error(`The page had troubles nobody asked for:\n${troubles.join('\n')}`);
}
afterEach(failOnTroubles);
afterAll(failOnTroubles);
