import { describe, expect, it } from 'vitest';
import { readSources } from './sources.ts';

const network = (name: string) => `apiVersion: v1\nkind: Network\nmetadata: { name: ${name} }\n`;
const read = (text: string) => readSources([{ file: 'a.yaml', text }]);

describe('reading manifests', () => {
  it('names file, document and line of every object, and leaves empty documents out', () => {
    const { manifests, problems } = read(`# nothing\n---\n---\n${network('one')}---\n\n${network('two')}---\n`);
    expect(problems).toEqual([]);
    expect(manifests.map(({ place, object }) => [object.metadata.name, place.file, place.line])).toEqual([
      ['one', 'a.yaml', 4],
      ['two', 'a.yaml', 9],
    ]);
    expect(manifests[0]?.place.document).toBeLessThan(manifests[1]?.place.document ?? 0);
  });

  it('takes lists apart, of any kind, and JSON too', () => {
    const items = ['one', 'two'].map((name) => ({ apiVersion: 'v1', kind: 'Network', metadata: { name } }));
    expect(read(JSON.stringify({ apiVersion: 'v1', kind: 'List', items })).manifests.map(({ object }) => object.metadata.name)).toEqual([
      'one',
      'two',
    ]);
    const list = `apiVersion: v1\nkind: NetworkList\nitems:\n  - apiVersion: v1\n    kind: Network\n    metadata: { name: one }\n`;
    expect(read(list).manifests).toMatchObject([{ place: { line: 4 }, object: { metadata: { name: 'one' } } }]);
  });

  it.each([
    ['a line that is no YAML', 'a: [\n', [{ line: 2, path: '' }]],
    ['a key that is there twice', `${network('one')}kind: Subnet\n`, [{ line: 4, message: 'Map keys must be unique' }]],
    ['a text', 'hello\n', [{ line: 1, path: '', message: expect.stringContaining('no object') }]],
    ['no name', 'apiVersion: v1\nkind: Network\n', [{ line: 1, path: 'metadata.name', message: expect.stringContaining('required') }]],
    [
      'a name to be made up',
      'apiVersion: v1\nkind: Network\nmetadata: { generateName: a- }\n',
      [{ message: expect.stringContaining('generateName') }],
    ],
    ['nothing of what it needs', 'spec: {}\n', [{ path: 'apiVersion' }, { path: 'kind' }, { path: 'metadata.name' }]],
  ])('tells %s with its place', (_name, text, expected) => {
    const { problems } = read(text);
    expect(problems).toHaveLength(expected.length);
    for (const [index, { line, ...rest }] of (expected as { line?: number }[]).entries()) {
      expect(problems[index]).toMatchObject({ place: { file: 'a.yaml', document: 1, ...(line && { line }) }, ...rest });
    }
  });

  it('reads on after a broken document', () => {
    const { manifests, problems } = read(`a: [\n---\n${network('two')}`);
    expect([manifests.length, problems.length]).toEqual([1, 1]);
  });

  it('quotes nothing of a document that cannot be read, for it may be a secret', () => {
    const { problems } = read('stringData:\n  password: "hunter2\n');
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it('refuses aliases that multiply', () => {
    const layers = Array.from(
      { length: 12 },
      (_, i) => `a${i}: &a${i} [${Array.from({ length: 10 }, () => (i ? `*a${i - 1}` : 'x')).join(',')}]`,
    );
    expect(read(layers.join('\n')).problems).toMatchObject([{ message: expect.stringContaining('alias') }]);
  });
});
