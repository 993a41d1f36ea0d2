import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cloud } from './cloud.ts';
import type { CloudConfig } from './clouds-yaml.ts';
import { connectCloud } from './connect.ts';
import { type ProbeResult, probe } from './probe.ts';
import { configFor, createEagerClock, type SmallCloud, startSmallCloud } from './small-cloud.ts';

let small: SmallCloud;
const open: Cloud[] = [];
beforeEach(async () => {
  small = await startSmallCloud();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((cloud) => cloud.close()));
  await small.close();
});

async function probed(config: CloudConfig): Promise<ProbeResult[]> {
  const cloud = connectCloud(config, { name: 'c1', clock: createEagerClock() });
  open.push(cloud);
  const results: ProbeResult[] = [];
  for await (const result of probe(cloud, { timeoutMs: 2_000 })) results.push(result);
  return results;
}

describe('probe', () => {
  it('goes through every step of a cloud that is well', async () => {
    const results = await probed(small.config);
    expect(results.map(({ step, ok }) => [step, ok])).toEqual(
      ['DNS', 'TCP', 'TLS', 'Auth', 'Catalog', 'Microversions'].map((step) => [step, true]),
    );
    expect(results.at(-1)?.message).toBe('compute 2.1 to 2.96, block-storage 3.0 to 3.70');
  });

  it.each<[string, () => CloudConfig, ProbeResult['step'], RegExp]>([
    [
      'an unknown host',
      () => configFor('http://keystone.invalid:5000'),
      'DNS',
      /^host keystone\.invalid cannot be resolved .*; correct auth_url/,
    ],
    ['a closed port', () => configFor('http://127.0.0.1:1'), 'TCP', /^127\.0\.0\.1:1 refuses connections; check that the service runs/],
    ['TLS on a plain port', () => configFor(small.url.replace('http:', 'https:')), 'TLS', /cannot be trusted: /],
    ['a wrong password', () => configFor(small.url, 'wrong'), 'Auth', /refuses user u in project p: check the password/],
    [
      'something that is not Keystone',
      () => {
        small.settings.loginStatus = 404;
        return small.config;
      },
      'Auth',
      /has no Keystone v3 at .*; correct auth_url/,
    ],
    [
      'a missing service',
      () => {
        small.settings.hidden.push('image', 'network');
        return small.config;
      },
      'Catalog',
      /no network endpoint .*; the catalog has no image endpoint/,
    ],
    [
      'a service that is another',
      () => {
        small.settings.microversions.volume = 'none';
        return small.config;
      },
      'Microversions',
      /block-storage endpoint does not lead to that service; correct the address/,
    ],
  ])('stops at %s and says what to do', async (_name, config, step, message) => {
    const last = (await probed(config())).at(-1);
    expect(last).toMatchObject({ step, ok: false });
    expect(last?.message).toMatch(message);
  });

  it('tells an unknown CA, and trusts it once it is given', async () => {
    const { cert, key } = await selfSigned();
    const server = createServer({ cert, key }, (_request, response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end('{"error": {"code": 401, "title": "Unauthorized", "message": "no"}}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const unknown = (await probed(configFor(url))).at(-1);
      expect(unknown).toMatchObject({ step: 'TLS', ok: false });
      expect(unknown?.message).toMatch(/certificate is signed by itself; put the CA that signed it into caBundle/);
      const trusted = await probed({ ...configFor(url), ca: cert });
      expect(trusted.find(({ step }) => step === 'TLS')?.ok).toBe(true);
      expect(trusted.at(-1)).toMatchObject({ step: 'Auth', ok: false });
      const unchecked = await probed({ ...configFor(url), verify: false });
      expect(unchecked.find(({ step }) => step === 'TLS')?.message).toMatch(/not checked \(verify: false\)/);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

async function selfSigned(): Promise<{ cert: string; key: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const extensions = [new SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])];
  const certificate = await X509CertificateGenerator.createSelfSigned({ name: 'CN=test', keys, signingAlgorithm: algorithm, extensions });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { cert: certificate.toString('pem'), key: PemConverter.encode(key, 'PRIVATE KEY') };
}
