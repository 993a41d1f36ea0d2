import { expect, it } from 'vitest';
import { canonicalAddress, canonicalCidr } from './addresses.ts';

it.each([
  ['10.0.0.1', '10.0.0.1'],
  ['2001:DB8:0:0::0053', '2001:db8::53'],
  ['::', '::'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
  ['not an address', 'not an address'],
])('address %s is %s', (text, canonical) => {
  expect(canonicalAddress(text)).toBe(canonical);
});

it.each([
  ['10.0.0.5/24', '10.0.0.0/24'],
  ['10.0.0.5', '10.0.0.5/32'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['255.255.255.255/1', '128.0.0.0/1'],
  ['2001:DB8::1/64', '2001:db8::/64'],
  ['2001:db8:0:0:1::1', '2001:db8::1:0:0:1/128'],
  ['::ffff:10.1.2.3/112', '::ffff:a01:0/112'],
  ['::/0', '::/0'],
  ['10.0.0.0/33', '10.0.0.0/33'],
  ['10.0.0.0/x', '10.0.0.0/x'],
])('network %s is %s', (text, canonical) => {
  expect(canonicalCidr(text)).toBe(canonical);
});
