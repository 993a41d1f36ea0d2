import { describe, expect, it } from 'vitest';
import type { Schemas } from '../data/schemas.ts';
import { readYaml } from './yaml-editor-check.ts';
import { completionsAt } from './yaml-editor-complete.ts';
import { placeAt } from './yaml-editor-place.ts';

const schemas: Schemas = new Map([
  [
    'v1/Volume',
    {
      type: 'object',
      description: 'A volume.',
      properties: {
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        metadata: { type: 'object' },
        status: {},
        spec: {
          type: 'object',
          required: ['sizeGiB', 'clusterRef'],
          properties: {
            sizeGiB: { type: 'integer', minimum: 1 },
            policy: { type: 'string', enum: ['Exact', 'Additive'], description: 'How strict.' },
            clusterRef: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
            tags: { type: 'array', items: { type: 'string' } },
          },
        },
      },
    },
  ],
]);
const head = 'apiVersion: v1\nkind: Volume\nmetadata: { name: data }\n';
const good = `${head}spec:\n  sizeGiB: 1\n  clusterRef: { name: main }\n`;
const wrong = (text: string) => readYaml(text, schemas).problems.map(({ line, path, message }) => [line, path, message]);

describe('a text of manifests', () => {
  it('is read into its objects, with their lines', () => {
    expect(readYaml(`${good}---\n# nothing\n---\n${good}`, schemas)).toMatchObject({
      problems: [],
      objects: [
        { kind: 'Volume', name: 'data', line: 1, document: 1 },
        { name: 'data', line: 10, document: 3 },
      ],
    });
  });

  it.each([
    ['a value', good.replace('1\n  cl', '0\n  cl'), [5, 'spec.sizeGiB', 'Has to be 1 or more.']],
    ['a field that is missing', good.replace('  sizeGiB: 1\n', ''), [4, 'spec.sizeGiB', 'sizeGiB is required.']],
    ['a field nobody knows', `${good}  sizeGB: 2\n`, [7, 'spec.sizeGB', 'There is no field sizeGB here; did you mean sizeGiB?']],
    ['a name that cannot be one', good.replace('name: data', 'name: Data'), [3, 'metadata.name', expect.stringContaining('Small letters')]],
    ['a kind nobody knows', good.replace('Volume', 'Volum'), [2, 'kind', 'There is no such kind; there are Volume.']],
    ['what is no object', '- 1\n', [1, '', expect.stringContaining('no object')]],
    ['what is no YAML', 'a: [\n', [2, '', expect.stringMatching(/./)]],
    ['a key that stands twice', `${good}  sizeGiB: 2\n`, [7, '', 'Map keys must be unique']],
  ])('is told what is wrong with it, and where: %s', (_, text, expected) => expect(wrong(text)).toEqual([expected]));
});

describe('what may come next', () => {
  const labels = (marked: string) =>
    completionsAt(schemas, placeAt(marked.replace('|', ''), marked.indexOf('|'))).map(({ label }) => label);

  it('is a field that is not there yet, a value of a choice, a kind', () => {
    expect(labels(`${head}spec:\n  sizeGiB: 1\n  |`)).toEqual(['policy', 'clusterRef', 'tags']);
    expect(labels(`${head}spec:\n  policy: |`)).toEqual(['Exact', 'Additive']);
    expect(labels('apiVersion: v1\nkind: |')).toEqual(['Volume']);
    expect(labels(`${head}|`)).toEqual(['spec']);
  });

  it('is a whole document where there is none, with all it has to have', () => {
    const [whole] = completionsAt(schemas, placeAt('', 0));
    expect(whole).toMatchObject({
      label: 'Volume',
      info: 'A volume.',
      text: expect.stringContaining('kind: Volume\nmetadata:\n  name: |'),
    });
  });

  it('goes on where one types next', () => {
    const [, , tags] = completionsAt(schemas, placeAt(`${head}spec:\n  sizeGiB: 1\n  `, head.length + 21));
    expect(tags).toMatchObject({ label: 'tags', detail: 'string[]', text: 'tags:\n    - |' });
  });
});
