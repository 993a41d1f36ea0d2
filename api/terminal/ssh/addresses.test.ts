import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { OpenFailed, type Target, type TargetAddress } from '../ports.ts';
import { addressAndPort, addressesToTry, type Choice, forbiddenBecause } from './addresses.ts';

const strict = { localTargets: false };
const fixed = (address: string): TargetAddress => ({ address, kind: 'fixed', network: 'front' });
const floating = (address: string): TargetAddress => ({ address, kind: 'floating', network: 'front' });
const target = (...addresses: TargetAddress[]): Target => ({
  cluster: 'main',
  serverId: 's-1',
  name: 'web-1',
  place: { cluster: 'main', namespace: 'shop' },
  addresses,
});
const web = target(fixed('2001:db8::5'), fixed('10.0.0.5'), floating('203.0.113.5'));
const tries = (of: Target, choice: Partial<Choice> = {}) => addressesToTry(of, { hasBastion: false, ...choice }, strict);
const refusal = (of: Target, choice: Partial<Choice> = {}) => {
  try {
    return tries(of, choice);
  } catch (error) {
    return error instanceof OpenFailed ? error.end : error;
  }
};

describe('which addresses of an instance are tried', () => {
  it('is floating before fixed and IPv4 before IPv6 when nothing is said', () => {
    expect(tries(web)).toEqual(['203.0.113.5', '10.0.0.5', '2001:db8::5']);
  });

  it('is fixed first through a bastion, which stands inside', () => {
    expect(tries(web, { hasBastion: true })).toEqual(['10.0.0.5', '2001:db8::5', '203.0.113.5']);
  });

  it('goes by the profile, and by what somebody asked for before that', () => {
    expect(tries(web, { via: 'floating' })).toEqual(['203.0.113.5']);
    expect(tries(web, { via: 'fixed' })).toEqual(['10.0.0.5', '2001:db8::5']);
    expect(tries(web, { via: '10.0.0.5' })).toEqual(['10.0.0.5']);
    expect(tries(web, { via: 'floating', wanted: '10.0.0.5' })).toEqual(['10.0.0.5']);
  });

  it('knows an IPv6 address however it is written', () => {
    expect(tries(web, { wanted: '2001:DB8:0:0::5' })).toEqual(['2001:db8::5']);
  });

  it('is none that the inventory does not have', () => {
    for (const wanted of ['10.0.0.6', '203.0.113.5.nip.io', '10.0.0.5 ', '', '0x0a000005', 'localhost'])
      expect(refusal(web, { wanted }), wanted).toEqual({
        reason: 'unreachable',
        detail: `${wanted} is not an address of web-1. Choose one of 2001:db8::5, 10.0.0.5, 203.0.113.5.`,
      });
    expect(refusal(target(fixed('10.0.0.5')), { via: 'floating' })).toMatchObject({
      detail: 'web-1 has no floating address to connect to: it has 10.0.0.5.',
    });
    expect(refusal(target())).toMatchObject({ detail: 'web-1 has no address to connect to: it has none.' });
  });

  it('is four at most', () => {
    expect(tries(target(...Array.from({ length: 50 }, (_, at) => fixed(`10.0.0.${at + 1}`))))).toHaveLength(4);
  });

  it('is none where no instance lives, even when the inventory has it', () => {
    expect(tries(target(fixed('127.0.0.1'), fixed('10.0.0.5')))).toEqual(['10.0.0.5']);
    expect(refusal(target(fixed('127.0.0.1')))).toEqual({
      reason: 'unreachable',
      detail: 'web-1 is not connected to: 127.0.0.1 is loopback, multicast, unspecified or IPv4 within IPv6, where no instance lives.',
    });
  });
});

describe('an address that is never connected to', () => {
  it.each([
    ['127.0.0.1', '127.8.9.10', '0.0.0.0', '0.1.2.3', '224.0.0.1', '239.255.255.250', '255.255.255.255'],
    ['169.254.169.254', '169.254.0.1', '100.100.100.200', 'fe80::1', 'fd00:ec2::254'],
    [
      '::',
      '::1',
      'ff02::1',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::ffff:169.254.169.254',
      '::127.0.0.1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
    ],
    ['fe80::1%eth0', 'localhost', '', '10.0.0', '10.0.0.5:22', '[::1]', '0x7f.1', '2130706433'],
  ])('is %s and its like', (...addresses) => {
    for (const address of addresses) expect(forbiddenBecause(address, strict), address).toBeDefined();
  });

  it('is every address of this machine', () => {
    const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    expect(own.length).toBeGreaterThan(0);
    for (const { address } of own) expect(forbiddenBecause(address, strict), address).toBeDefined();
  });

  it('is no address of a cloud', () => {
    for (const address of [
      '10.0.0.5',
      '172.16.1.1',
      '192.168.1.9',
      '203.0.113.5',
      '100.64.0.1',
      '2001:db8::5',
      'fd12::5',
      '::ffff:10.0.0.5',
    ])
      expect(forbiddenBecause(address, strict), address).toBeUndefined();
  });

  it('may be loopback where the setting for tests says so, but never a metadata service', () => {
    expect(forbiddenBecause('127.0.0.1', { localTargets: true })).toBeUndefined();
    expect(forbiddenBecause('169.254.169.254', { localTargets: true })).toBe('is link-local or a metadata service');
  });
});

describe('an address with its port', () => {
  it('is written so that it can be read again', () => {
    expect([addressAndPort('10.0.0.5', 22), addressAndPort('2001:db8::5', 2222)]).toEqual(['10.0.0.5:22', '[2001:db8::5]:2222']);
  });
});
