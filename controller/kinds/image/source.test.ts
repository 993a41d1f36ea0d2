import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../inventory.fixture.ts';
import { Obstacle } from '../obstacle.ts';
import { download, shownUrl } from './download.ts';
import { image } from './image.ts';
import { imageSpec } from './schema.ts';
import { type ImageSource, labelOf, openSource } from './source.ts';

const DATA = Buffer.from('x'.repeat(100_000));
const sha256 = createHash('sha256').update(DATA).digest('hex');
let server: Server;
let origin = '';

const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/disk.img': (_request, response) => void response.end(DATA),
  '/moved': (_request, response) => void response.writeHead(302, { location: '/disk.img' }).end(),
  '/round': (_request, response) => void response.writeHead(302, { location: '/round' }).end(),
  '/ftp': (_request, response) => void response.writeHead(302, { location: 'ftp://127.0.0.1/disk.img' }).end(),
  '/metadata': (_request, response) => void response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
  '/gone': (_request, response) => void response.writeHead(404).end(),
  '/down': (_request, response) => void response.writeHead(503).end(),
  '/cut': (_request, response) => {
    response.writeHead(200, { 'content-length': String(DATA.length) });
    response.write(DATA.subarray(0, 1000), () => response.destroy());
  },
};

beforeAll(async () => {
  server = createServer((request, response) => routes[request.url?.split('?')[0] ?? '']?.(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((done) => server.close(done)));

async function read(source: ImageSource, imageDirectory?: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openSource(source, {
    signal: new AbortController().signal,
    ...(imageDirectory !== undefined && { imageDirectory }),
  }))
    chunks.push(chunk);
  return Buffer.concat(chunks);
}
const obstacle = async (source: ImageSource, imageDirectory?: string) => {
  const error = await read(source, imageDirectory).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Obstacle);
  return (error as Obstacle).verdict;
};

describe('data behind an address', () => {
  it.each(['/disk.img', '/moved'])('comes whole from %s', async (path) => {
    expect((await read({ url: origin + path, sha256 })).equals(DATA)).toBe(true);
  });

  it.each([
    ['/gone', 'stalled', 'SourceUnavailable', 'it answered 404'],
    ['/down', 'waiting', 'SourceUnavailable', 'it answered 503'],
    ['/cut', 'waiting', 'SourceUnavailable', 'cannot be downloaded'],
    ['/round', 'stalled', 'SourceUnavailable', 'from one address to the next'],
    ['/ftp', 'stalled', 'SourceUnavailable', 'only http and https'],
    ['/metadata', 'stalled', 'SourceRefused', '169.254.169.254 is a link-local address'],
  ])('is refused from %s', async (path, kind, reason, text) => {
    expect(await obstacle({ url: `${origin}${path}?token=secret` })).toMatchObject({
      kind,
      reason,
      message: expect.stringContaining(text),
    });
  });

  it('is refused where nobody listens, and may come later', async () => {
    expect(await obstacle({ url: 'http://127.0.0.1:9/x' })).toMatchObject({ kind: 'waiting', reason: 'SourceUnavailable' });
  });

  it('is refused when there is too much of it', async () => {
    const all = async () => {
      let bytes = 0;
      for await (const chunk of download(`${origin}/disk.img`, { maxBytes: 1000 })) bytes += chunk.byteLength;
      return bytes;
    };
    await expect(all()).rejects.toThrow('has more than 1000 bytes');
  });

  it('never comes whole with another checksum than declared', async () => {
    let bytes = 0;
    const all = async () => {
      for await (const chunk of openSource({ url: `${origin}/disk.img`, sha256: '0'.repeat(64) }, { signal: new AbortController().signal }))
        bytes += chunk.byteLength;
    };
    await expect(all()).rejects.toThrow(`has SHA-256 ${sha256}, not`);
    expect(bytes).toBeLessThan(DATA.length);
  });
});

describe('data in a file', () => {
  const outside = mkdtempSync(join(tmpdir(), 'stackwarden-images-'));
  const directory = join(outside, 'images');
  mkdirSync(join(directory, 'debian'), { recursive: true });
  writeFileSync(join(directory, 'debian/12.qcow2'), DATA);
  writeFileSync(join(outside, 'secret'), 'hush');
  symlinkSync('debian/12.qcow2', join(directory, 'latest'));
  symlinkSync('../secret', join(directory, 'out'));
  symlinkSync('..', join(directory, 'up'));
  symlinkSync('/dev/zero', join(directory, 'endless'));

  it.each(['debian/12.qcow2', 'latest'])('comes whole from %s', async (file) => {
    expect((await read({ file, sha256 }, directory)).equals(DATA)).toBe(true);
  });

  it.each([
    ['/etc/passwd', 'is no path below'],
    ['../secret', 'is no path below'],
    ['debian/../../secret', 'is no path below'],
    ['debian//12.qcow2', 'is no path below'],
    ['out', 'leads out of the directory'],
    ['up/secret', 'leads out of the directory'],
    ['endless', 'leads out of the directory'],
    ['debian', 'is no regular file'],
  ])('is refused from %s, and the field is named', async (file, text) => {
    const found = await obstacle({ file }, directory);
    expect(found).toMatchObject({ kind: 'stalled', reason: 'SourceRefused', message: expect.stringContaining(text) });
    expect(found.message).toContain('spec.source.file');
  });

  it('may come later', async () => {
    expect(await obstacle({ file: 'nothing' }, directory)).toMatchObject({ kind: 'waiting', reason: 'SourceUnavailable' });
  });

  it('never comes whole with another checksum than declared', async () => {
    expect(await obstacle({ file: 'latest', sha256: '0'.repeat(64) }, directory)).toMatchObject({ reason: 'ChecksumMismatch' });
  });

  it('is not looked for where the operator named no directory, and the setting is told before anything is made', async () => {
    expect(await obstacle({ file: 'latest' })).toMatchObject({ kind: 'stalled', message: expect.stringContaining('--images DIR') });
    const asked = ask();
    image.desire({ clusterRef: { name: 'main' }, source: { file: 'latest' }, diskFormat: 'raw' }, asked.resolve);
    expect(asked.stalls).toEqual([expect.stringContaining('STACKWARDEN_IMAGES')]);
  });

  it('is called by its path, or its hash', () => {
    expect([labelOf({ file: 'latest' }), labelOf({ file: 'latest', sha256 })]).toEqual(['file latest', `sha256:${sha256}`]);
  });

  it.each(['/etc/passwd', '../up', 'a/../b', '.hidden', 'a//b', 'a/', ''])('is refused by the schema from %j', (file) => {
    const { pattern = '' } = imageSpec.properties?.['source']?.properties?.['file'] ?? {};
    expect(new RegExp(pattern).test(file)).toBe(false);
    expect(new RegExp(pattern).test('debian/12.qcow2')).toBe(true);
  });
});

it('is taken from the manifest', async () => {
  expect((await read({ content: 'b3Nj' })).toString()).toBe('osc');
  expect(await obstacle({ content: 'b3Nj', sha256 })).toMatchObject({ kind: 'stalled', reason: 'ChecksumMismatch' });
});

describe('what a source is called', () => {
  it('is its hash where that is known', () => {
    expect(labelOf({ url: 'https://a/b', sha256 })).toBe(`sha256:${sha256}`);
    expect(labelOf({ content: DATA.toString('base64') })).toBe(`sha256:${sha256}`);
  });

  it('is its address without secrets, and differs with them', () => {
    const one = labelOf({ url: 'https://u:hunter2@host/disk.img?sig=1' });
    expect(one).toMatch(/^https:\/\/host\/disk\.img #[0-9a-f]{12}$/);
    expect(labelOf({ url: 'https://u:hunter2@host/disk.img?sig=2' })).not.toBe(one);
    expect(shownUrl('nonsense')).not.toContain('nonsense');
  });
});
