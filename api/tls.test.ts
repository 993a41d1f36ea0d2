import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureTls, internalName, readOwnCertificate } from './tls.ts';

const freshDir = () => join(mkdtempSync(join(tmpdir(), 'stackwarden-tls-')), 'tls');

describe('the generated certificates', () => {
  it('let a client that knows only the CA speak to the server over loopback', async () => {
    const files = await ensureTls(freshDir(), '127.0.0.1');
    const server = createServer({ cert: files.cert, key: files.key }, (_, reply) => reply.end('hello'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const body = await new Promise<string>((resolve, reject) => {
      request({ host: '127.0.0.1', port, ca: files.ca }, (reply) => {
        reply.on('data', (chunk: Buffer) => resolve(chunk.toString()));
      })
        .on('error', reject)
        .end();
    });
    server.close();
    expect(body).toBe('hello');
  });

  it('stay the same at the next start, and keep keys readable by the owner alone', async () => {
    const dir = freshDir();
    const first = await ensureTls(dir, '127.0.0.1');
    expect(await ensureTls(dir, '127.0.0.1')).toEqual(first);
    expect(statSync(join(dir, 'ca.key')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, 'server.key')).mode & 0o777).toBe(0o600);
  });

  it('are renewed under the same CA when they end soon or another host is asked for', async () => {
    const dir = freshDir();
    const first = await ensureTls(dir, '127.0.0.1');
    const moved = await ensureTls(dir, 'cloud.example.org');
    expect(moved.ca).toBe(first.ca);
    expect(new X509Certificate(moved.cert).checkHost('cloud.example.org')).toBe('cloud.example.org');
    const later = await ensureTls(dir, 'cloud.example.org', new Date(Date.now() + 380 * 86_400_000));
    expect(later.cert).not.toBe(moved.cert);
    expect(later.ca).toBe(first.ca);
  });

  it('leave the CA alone when the server certificate was lost', async () => {
    const dir = freshDir();
    const first = await ensureTls(dir, '127.0.0.1');
    writeFileSync(join(dir, 'server.crt'), readFileSync(join(dir, 'ca.crt')));
    const second = await ensureTls(dir, '127.0.0.1');
    expect(second.ca).toBe(first.ca);
    expect(new X509Certificate(second.cert).checkIP('127.0.0.1')).toBe('127.0.0.1');
  });
});

describe("a certificate of one's own", () => {
  it('is shown to strangers, and the generated one to whoever asks for the internal name', async () => {
    const [generated, foreign] = [freshDir(), freshDir()];
    const ours = await ensureTls(generated, '127.0.0.1');
    const theirs = await ensureTls(foreign, 'warden.example');
    const own = readOwnCertificate({ cert: join(foreign, 'server.crt'), key: join(foreign, 'server.key') }, ours);
    const server = createServer(own, (_, reply) => reply.end('hello'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const ask = (options: { ca: string; servername?: string }) =>
      new Promise<string>((resolve, reject) => {
        request({ host: '127.0.0.1', port, agent: false, ...options }, (reply) => {
          reply.on('data', (chunk: Buffer) => resolve(chunk.toString()));
        })
          .on('error', reject)
          .end();
      });
    expect(await ask({ ca: ours.ca, servername: internalName })).toBe('hello');
    expect(await ask({ ca: theirs.ca, servername: 'warden.example' })).toBe('hello');
    expect(await ask({ ca: theirs.ca })).toBe('hello');
    await expect(ask({ ca: ours.ca })).rejects.toThrow();
    server.close();
  });
});
