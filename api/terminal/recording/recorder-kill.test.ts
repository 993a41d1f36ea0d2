import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { openStore } from '#migrations/store.ts';
import { seededRandom } from '#tests/parts/random.ts';
import { openKeyFile } from '../../kube/key-file.ts';
import { replay } from './recording.fixture.ts';
import { createRecordings } from './recordings.ts';

describe('a process that records and is killed', { timeout: 120_000 }, () => {
  const room = mkdtempSync(join(tmpdir(), 'stackwarden-recording-'));
  afterAll(() => rmSync(room, { recursive: true }));

  it('leaves a recording that can be read up to the last seconds, and is sealed as interrupted', async () => {
    const random = seededRandom('recording kill');
    const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, 'recorder.fixture.ts'), room], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (!child.stdout) throw new Error('unreachable');
    const shown: { readonly at: number; readonly line: string }[] = [];
    createInterface(child.stdout).on('line', (line) => shown.push({ at: Date.now(), line }));
    const wanted = 40 + Math.floor(random() * 60);
    await expect.poll(() => shown.length, { timeout: 60_000 }).toBeGreaterThan(wanted);
    const killedAt = Date.now();
    child.kill('SIGKILL');
    await once(child, 'exit');

    const store = await openStore(`sqlite:${join(room, 'db')}`);
    const keys = openKeyFile(join(room, 'key'), { create: false });
    const clock = { now: Date.now, after: () => () => undefined };
    const recordings = createRecordings({ store, keys, clock, log: () => undefined });
    const before = await replay(recordings, 'killed');
    await recordings.recover('killed');
    const { output } = await replay(recordings, 'killed');
    expect(output).toBe(before.output);
    const lines = output.trimEnd().split('\r\n');
    expect(lines).toEqual(shown.slice(0, lines.length).map(({ line }) => line));
    const lost = shown.slice(lines.length);
    console.log(`${lines.length} lines kept, ${lost.length} lost, the first ${killedAt - (lost[0]?.at ?? killedAt)} ms before the kill`);
    expect(killedAt - (lost[0]?.at ?? killedAt)).toBeLessThanOrEqual(3000);
    expect(await recordings.terminal('killed')).toMatchObject({ recording: 'interrupted' });
    expect(await recordings.verify('killed')).toMatchObject({ ok: true });
    await store.close();
  });
});
