import { describe, expect, it } from 'vitest';
import { toneOf } from './status.ts';

describe('a status', () => {
  it.each([
    ['ACTIVE', 'good'],
    ['in-use', 'good'],
    ['ERROR', 'bad'],
    ['error_deleting', 'bad'],
    ['MISSING', 'bad'],
    ['BUILD', 'busy'],
    ['creating', 'busy'],
    ['HARD_REBOOT', 'busy'],
    ['VERIFY_RESIZE', 'warn'],
    ['UNKNOWN', 'warn'],
    ['SHUTOFF', 'off'],
    ['SHELVED_OFFLOADED', 'off'],
    ['DOWN', 'off'],
  ])('%s is %s', (status, tone) => {
    expect(toneOf(status)).toBe(tone);
  });
});
