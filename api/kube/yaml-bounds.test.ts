import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { eachKey, tooDeep } from './yaml-bounds.ts';

describe('the bounds of YAML', () => {
  it.each([
    ['brackets', '['.repeat(201)],
    ['braces in a megabyte of them', '{a: '.repeat(250_000)],
    ['items of items', '- '.repeat(300)],
    ['keys of keys', `? ${'? '.repeat(300)}x`],
    ['lines that go in and in', Array.from({ length: 201 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('keep out what is nested too deeply: %s', (_, text) => {
    expect(tooDeep(text)).toContain('200 levels');
  });

  it.each([
    ['many brackets that are closed', '[[],{}]\n'.repeat(100_000)],
    ['closing ones alone', ']'.repeat(1000)],
    ['a long list', '- a\n'.repeat(100_000)],
    ['a ladder that goes up and down', '  a:\n    b: 1\n'.repeat(10_000)],
    ['a line of hyphens', '-'.repeat(1000)],
    ['a table in a block', `a: |\n  ${'- '.repeat(30)}\n`],
  ])('let through: %s', (_, text) => {
    expect(tooDeep(text)).toBeUndefined();
  });

  it('let every example through', () => {
    const examples = resolve(import.meta.dirname, '../../examples');
    const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) expect(tooDeep(readFileSync(join(examples, file), 'utf8')), file).toBeUndefined();
  });

  it('find each key that is there twice, by its path', () => {
    const repeated: string[] = [];
    const { contents } = parseDocument('a: {b: 1, c: [{d: 1, d: 2}], b: 2}\na: 1\n', { uniqueKeys: false });
    eachKey(contents, ({ path, isRepeated }) => isRepeated && repeated.push(path));
    expect(repeated).toEqual(['a.c[0].d', 'a.b', 'a']);
  });
});
