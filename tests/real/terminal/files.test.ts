import { createHash } from 'node:crypto';
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Files, Remote } from '#api/terminal/ports.ts';
import type { FileRefused } from '#api/terminal/ssh/file-refused.ts';
import { type Guest, makeGuest, type Sshd, startSshd } from '#tests/parts/sshd.ts';
import { openTerminal, pins } from './ssh-world.ts';

let guest: Guest;
let sshd: Sshd;
let remote: Remote;
let files: Files;
const MiB = 1024 * 1024;
/** As large as a disk image is not, and large enough to show what is slow or kept in memory. */
const large = 256 * MiB;
const at = (name: string) => `${guest.home}/${name}`;
const troubleOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error as FileRefused,
  );
  return error && { name: error.name, trouble: error.trouble, message: error.message };
};
const bytesOf = async (stream: NodeJS.ReadableStream) => {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
};
/** Bytes that differ at each place, as a file that repeats itself would hide pieces in the wrong order. */
function* noise(length: number): Generator<Buffer> {
  let state = 1;
  for (let done = 0; done < length; done += MiB) {
    const block = Buffer.alloc(Math.min(MiB, length - done));
    for (let place = 0; place + 4 <= block.length; place += 4) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      block.writeUInt32LE(state, place);
    }
    yield block;
  }
}
const checksum = async (from: AsyncIterable<Buffer | string> | Iterable<Buffer>) => {
  const hash = createHash('sha256');
  for await (const part of from) hash.update(part);
  return hash.digest('hex');
};

/** How fast 256 MiB passed: by the clock, and by the seconds that a core of ours worked. */
async function rate(work: () => Promise<void>): Promise<{ perCpuSecond: number; words: string }> {
  const from = performance.now();
  const used = process.cpuUsage();
  await work();
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(used);
  const perCpuSecond = large / MiB / ((user + system) / 1e6);
  return { perCpuSecond, words: `${(large / MiB / seconds).toFixed(0)} MiB/s (${perCpuSecond.toFixed(0)} per second of CPU)` };
}

beforeAll(async () => {
  guest = makeGuest();
  sshd = await startSshd(guest);
  remote = await openTerminal({ port: sshd.port, guest, hostKeys: pins(sshd.fingerprint), credentials: { privateKey: guest.privateKey } });
  if (!remote.files) throw new Error('There are no files.');
  files = await remote.files();
});
afterAll(async () => {
  remote?.end();
  await sshd?.stop();
  guest?.remove();
});

describe('files of a host', () => {
  it('are listed with what they are, directories first, from home when no path is named', async () => {
    mkdirSync(at('listed/zoo'), { recursive: true });
    writeFileSync(at('listed/b10.txt'), 'ten');
    writeFileSync(at('listed/b9.txt'), '', { mode: 0o600 });
    writeFileSync(at('listed/中文 name'), 'x');
    symlinkSync('b9.txt', at('listed/link'));
    const { path, entries, isCut } = await files.list(at('listed'));
    expect([path, isCut]).toEqual([at('listed'), false]);
    expect(entries.map(({ name, kind, sizeBytes, mode }) => [name, kind, sizeBytes, mode])).toEqual([
      ['zoo', 'directory', expect.any(Number), '755'],
      ['b9.txt', 'file', 0, '600'],
      ['b10.txt', 'file', 3, '644'],
      ['link', 'link', 6, '777'],
      ['中文 name', 'file', 1, '644'],
    ]);
    expect(entries[2]?.modifiedAt).toBe(Math.floor(statSync(at('listed/b10.txt')).mtimeMs / 1000) * 1000);
    expect((await files.list('~')).path).toBe(guest.home);
    expect((await files.list(`${at('listed')}/zoo/..`)).path).toBe(at('listed'));
    expect((await files.stat(at('listed/link'))).kind).toBe('file');
  });

  it('are cut at 5,000, and it is said', async () => {
    mkdirSync(at('many'));
    for (let one = 0; one < 5200; one += 1) closeSync(openSync(at(`many/${one}`), 'w'));
    const { entries, isCut } = await files.list(at('many'));
    expect([entries.length, isCut]).toEqual([5000, true]);
  });

  it('are made, renamed and removed', async () => {
    await files.makeDirectory(at('made'));
    expect(await troubleOf(files.makeDirectory(at('made')))).toMatchObject({ trouble: 'exists' });
    await files.write(at('made/one'), 0, Readable.from([Buffer.from('one')]));
    await files.rename(at('made/one'), at('made/two'));
    expect(readFileSync(at('made/two'), 'utf8')).toBe('one');
    expect(await troubleOf(files.remove(at('made')))).toMatchObject({
      trouble: 'failed',
      message: expect.stringContaining('which has to be empty'),
    });
    await files.remove(at('made/two'));
    await files.remove(at('made'));
    expect(await troubleOf(files.stat(at('made')))).toEqual({
      name: 'FileRefused',
      trouble: 'not-found',
      message: `${at('made')} is not there.`,
    });
  });

  it('take the place of others whole, and their mode', async () => {
    writeFileSync(at('script'), 'old');
    chmodSync(at('script'), 0o750);
    await files.write(at('script.new'), 0, Readable.from([Buffer.from('new')]));
    await files.rename(at('script.new'), at('script'));
    expect([readFileSync(at('script'), 'utf8'), statSync(at('script')).mode & 0o777]).toEqual(['new', 0o750]);
    mkdirSync(at('a-directory'));
    expect(await troubleOf(files.rename(at('script'), at('a-directory')))).toMatchObject({ trouble: 'exists' });
  });

  it('are refused in words where the user may not, or there are none', async () => {
    expect(await troubleOf(files.read('/etc/shadow', { start: 0 }))).toMatchObject({
      trouble: 'forbidden',
      message: '/etc/shadow is not allowed to the user who is signed in.',
    });
    expect(await troubleOf(files.list(at('nowhere')))).toMatchObject({ trouble: 'not-found' });
    for (const path of ['', 'relative', '../etc', '~/x', '~root'])
      expect(await troubleOf(files.list(path)), path).toMatchObject({ trouble: 'not-found' });
  });

  it('are read in part, and from their middle to their end', async () => {
    const whole = Buffer.concat([...noise(3 * MiB + 17)]);
    writeFileSync(at('part'), whole);
    const read = async (range: { start: number; end?: number }) =>
      (await bytesOf(await files.read(at('part'), range))).equals(whole.subarray(range.start, range.end));
    for (const range of [
      { start: 0 },
      { start: 5, end: 6 },
      { start: 65_535, end: 65_537 },
      { start: 1_000_003, end: 2_999_999 },
      { start: whole.length },
      { start: 0, end: whole.length },
    ])
      expect(await read(range), JSON.stringify(range)).toBe(true);
    const short = await files.read(at('part'), { start: 0, end: whole.length + 1 });
    expect(await troubleOf(bytesOf(short))).toMatchObject({ trouble: 'changed' });
  });

  it('are read though they say they are empty', async () => {
    expect((await bytesOf(await files.read('/proc/self/status', { start: 0 }))).toString()).toMatch(/^Name:\s+sshd/);
  });

  it('are written piece after piece', async () => {
    expect(await files.write(at('pieces'), 0, Readable.from([Buffer.from('abc'), Buffer.from('def')]))).toBe(6);
    expect(await files.write(at('pieces'), 6, Readable.from([Buffer.from('ghi')]))).toBe(9);
    expect(await files.write(at('pieces'), 1, Readable.from([Buffer.from('B')]))).toBe(9);
    expect(readFileSync(at('pieces'), 'utf8')).toBe('aBcdefghi');
    expect(await files.write(at('pieces'), 0, Readable.from([]))).toBe(0);
    expect(await troubleOf(files.write(at('nowhere-at-all'), 1, Readable.from([])))).toMatchObject({ trouble: 'not-found' });
  });

  it('that were broken off while they were written are whole up to where they end', async () => {
    const blocks = [...noise(4 * MiB)];
    const broken = Readable.from(
      (async function* () {
        yield* blocks;
        throw new Error('the page is gone');
      })(),
    );
    await expect(files.write(at('broken'), 0, broken)).rejects.toThrow('the page is gone');
    const there = readFileSync(at('broken'));
    expect(there.length).toBeGreaterThan(0);
    expect(there.equals(Buffer.concat(blocks).subarray(0, there.length))).toBe(true);
  });

  it('still come when their channel was closed meanwhile, and fail in words when the host is gone', async () => {
    const other = await startSshd(guest);
    const terminal = await openTerminal({
      port: other.port,
      guest,
      hostKeys: pins(other.fingerprint),
      credentials: { privateKey: guest.privateKey },
    });
    const there = await terminal.files?.();
    const reading = await there?.read('/dev/zero', { start: 0 });
    await other.kill();
    expect(await troubleOf(bytesOf(reading as NodeJS.ReadableStream))).toMatchObject({ trouble: 'lost' });
    expect(await troubleOf(there?.list('~') ?? Promise.resolve())).toMatchObject({ trouble: 'lost' });
    await other.stop();
  });

  it('of 256 MiB go up and come down whole, fast, and are never held in memory', async () => {
    const wanted = await checksum(noise(large));
    const disk = openSync(at('large'), 'w');
    for (const block of noise(large)) writeSync(disk, block);
    closeSync(disk);
    const blocks = [...noise(MiB)];
    const before = process.memoryUsage.rss();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);

    const down = await rate(async () => {
      expect(await checksum((await files.read(at('large'), { start: 0, end: large })) as AsyncIterable<Buffer>)).toBe(wanted);
    });
    const up = await rate(async () => {
      // The same block again and again: making noise would be what is measured.
      const source = function* () {
        for (let one = 0; one < large / MiB; one += 1) yield* blocks;
      };
      expect(await files.write(at('up'), 0, Readable.from(source()))).toBe(large);
    });
    clearInterval(watch);

    expect(await checksum([readFileSync(at('up'))])).toBe(await checksum(Array.from({ length: large / MiB }, () => blocks).flat()));
    console.log(`SFTP: ${down.words} down with SHA-256, ${up.words} up, ${((most - before) / MiB).toFixed(0)} MiB more memory at most`);
    // By the time of our own, as others work on the machine: well below what an idle one does.
    expect(Math.min(down.perCpuSecond, up.perCpuSecond)).toBeGreaterThan(20);
    expect(most - before).toBeLessThan(128 * MiB);
    rmSync(at('large'));
    rmSync(at('up'));
  });

  it('are offered by no host that has no SFTP, and it is said', async () => {
    const bare = await startSshd(guest, ['Match all', 'ForceCommand /bin/bash -i']);
    const terminal = await openTerminal({
      port: bare.port,
      guest,
      hostKeys: pins(bare.fingerprint),
      credentials: { privateKey: guest.privateKey },
    });
    expect(await troubleOf(terminal.files?.() ?? Promise.resolve())).toMatchObject({ trouble: 'no-files' });
    terminal.end();
    await bare.stop();
  });
});
