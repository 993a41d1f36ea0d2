import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFileKeyProvider, newDataKey, open } from './encryption.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stackwarden-'));
  path = join(folder, 'key');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('envelope encryption', () => {
  test('gives back what was sealed, to the same key and context only', async () => {
    const keys = createFileKeyProvider(path);
    const sealed = (await newDataKey(keys)).seal('hunter2 ü', 'secrets|n|a|1');
    expect(JSON.stringify(sealed)).not.toContain('hunter2');
    expect(await open(createFileKeyProvider(path), sealed, 'secrets|n|a|1')).toBe('hunter2 ü');
    await expect(open(keys, sealed, 'secrets|n|b|1')).rejects.toThrow();
    const flipped = Buffer.from(sealed.data, 'base64');
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    await expect(open(keys, { ...sealed, data: flipped.toString('base64') }, 'secrets|n|a|1')).rejects.toThrow();
    const other = createFileKeyProvider(join(folder, 'other'));
    await expect(open(other, sealed, 'secrets|n|a|1')).rejects.toThrow('restore the key file');
    await expect(open({ ...other, id: keys.id }, sealed, 'secrets|n|a|1')).rejects.toThrow();
  });

  test('never uses a data key or nonce twice', async () => {
    const keys = createFileKeyProvider(path);
    const [a, b] = [(await newDataKey(keys)).seal('x', 'c'), (await newDataKey(keys)).seal('x', 'c')];
    expect(a.key).not.toBe(b.key);
    expect(a.nonce).not.toBe(b.nonce);
  });
});

describe('the key file', () => {
  test('is made once, for its owner only', () => {
    const { id } = createFileKeyProvider(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(createFileKeyProvider(path).id).toBe(id);
    expect(id).not.toContain(readFileSync(path, 'utf8').trim().slice(0, 8));
  });

  test('that is missing, open to others or malformed is refused with what to do', () => {
    expect(() => createFileKeyProvider(path, { create: false })).toThrow('restore it from a backup');
    createFileKeyProvider(path);
    chmodSync(path, 0o644);
    expect(() => createFileKeyProvider(path)).toThrow('chmod 600');
    chmodSync(path, 0o600);
    writeFileSync(path, 'short');
    expect(() => createFileKeyProvider(path)).toThrow('64 hex digits');
  });
});
