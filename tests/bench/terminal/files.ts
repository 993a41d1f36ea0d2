import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Agent, request } from 'undici';
import { forgetPeak, memoryOf, print, rate } from './figures.ts';
import type { TerminalWorld } from './world.ts';

const pieceBytes = 8 * 1024 * 1024;

/** A file up in pieces, as the page sends them, and down in one; throws when it is not the same. */
export async function measureFiles(world: TerminalWorld, pieces: number): Promise<void> {
  const { stackwarden, guest } = world;
  const { pid, url, ca, token } = stackwarden;
  const path = join(guest.home, 'bench.img');
  const total = pieces * pieceBytes;
  const dispatcher = new Agent({ connect: { ca } });
  const headers = { authorization: `Bearer ${token}` };
  const { id, page } = await world.open();
  const content = (query: Record<string, string>) => `${url}/api/v1/terminals/${id}/files/content?${String(new URLSearchParams(query))}`;
  const what = `${pieces * 8} MiB`;
  try {
    const sent = hashOfPieces(pieces);
    forgetPeak(pid);
    const sendAt = performance.now();
    for (let n = 0; n < pieces; n += 1) {
      const { statusCode, body } = await request(content({ path, offset: String(n * pieceBytes), total: String(total) }), {
        method: 'PUT',
        dispatcher,
        headers: { ...headers, 'content-type': 'application/octet-stream' },
        body: piece(n),
      });
      const text = await body.text();
      if (statusCode !== 200) throw new Error(`piece ${n} was refused: ${text}`);
    }
    print(`${what} up, in pieces of 8 MiB`, `${rate(total, performance.now() - sendAt)}, RSS at most ${memoryOf(pid).most} MiB`);
    const stored = createHash('sha256');
    await pipeline(createReadStream(path), stored);
    forgetPeak(pid);
    const takeAt = performance.now();
    const { statusCode, body } = await request(content({ path }), { dispatcher, headers });
    if (statusCode !== 200) throw new Error(`the file was refused: ${await body.text()}`);
    const taken = createHash('sha256');
    await pipeline(body, taken);
    print(`${what} down`, `${rate(total, performance.now() - takeAt)}, RSS at most ${memoryOf(pid).most} MiB`);
    const hashes = new Set([sent, stored.digest('hex'), taken.digest('hex')]);
    if (hashes.size !== 1) throw new Error(`what was sent, stored and taken differs: ${[...hashes].join(', ')}`);
    print('SHA-256 of what was sent, stored and taken', 'the same');
  } finally {
    rmSync(path, { force: true });
    await page.close();
    await dispatcher.close();
  }
}

const filling = randomFillSync(Buffer.alloc(pieceBytes));

/** No two alike. */
function piece(n: number): Buffer {
  filling.writeUInt32BE(n, 0);
  return filling;
}

function hashOfPieces(pieces: number): string {
  const hash = createHash('sha256');
  for (let n = 0; n < pieces; n += 1) hash.update(piece(n));
  return hash.digest('hex');
}
