import { describe, expect, it } from 'vitest';
import { connectCloud } from './connect.ts';
import { isForbiddenAddress } from './forbidden-address.ts';
import { probe } from './probe.ts';
import { configFor } from './small-cloud.ts';

describe('addresses that are never connected to', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    'fe80::1',
    'fd00:ec2::254',
    '100.100.100.200',
  ])('has %s among them', (address) => expect(isForbiddenAddress(address)).toBe(true));

  it.each(['127.0.0.1', '::1', '10.0.0.1', '100.100.100.201', 'fd00::1', 'keystone.example'])('has %s not', (address) =>
    expect(isForbiddenAddress(address)).toBe(false),
  );

  // A URL writes every form of an IPv4 address the usual way.
  it.each(['http://169.254.169.254', 'http://0xa9fea9fe', 'http://2852039166', 'http://[::ffff:169.254.169.254]'])(
    'ends a probe of %s at its first step, and no call goes there',
    async (url) => {
      const requests: unknown[] = [];
      const cloud = connectCloud(configFor(url), { name: 'c', onRequest: (request) => requests.push(request.status) });
      try {
        const results = [];
        for await (const result of probe(cloud)) results.push(result);
        expect(results).toMatchObject([{ step: 'DNS', ok: false, message: expect.stringContaining('never connected to') as unknown }]);
        await expect(cloud.authenticate()).rejects.toMatchObject({ kind: 'invalid-response', type: 'ERR_ADDRESS_FORBIDDEN' });
        expect(requests).toEqual(['invalid-response']);
      } finally {
        await cloud.close();
      }
    },
  );
});
