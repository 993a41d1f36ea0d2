import { describe, expect, test } from 'vitest';
import { decodeJson, decodeYaml } from './decode.ts';
import { compilePath } from './json-path.ts';
import { decodeProtobuf } from './protobuf.ts';
import { age } from './table.ts';

describe('decoding a body', () => {
  test('names fields that occur twice, by their path', () => {
    const text = '{"a":{"b":1,"c":[{"d":1,"d":"{\\"d\\":1}"}],"b":2},"e":"a","a\\u0062":1,"ab":2}';
    expect(decodeJson(text).duplicates).toEqual(['a.c[0].d', 'a.b', 'ab']);
    expect(decodeYaml('a:\n  b: 1\n  c: [{d: 1, d: 2}]\n  b: 2\n').duplicates).toEqual(['a.c[0].d', 'a.b']);
  });

  test('does not take values for keys', () => {
    expect(decodeJson('{"a":"b","b":["a","a",":"],"c":{"a":"a"}}').duplicates).toEqual([]);
  });

  test('reads YAML as Kubernetes does: dates stay text, anchors work, yes is true', () => {
    const { value } = decodeYaml('a: &x {b: 2026-11-23}\nc: *x\nd: yes\ne: 0644\n');
    expect(value).toEqual({ a: { b: '2026-11-23' }, c: { b: '2026-11-23' }, d: true, e: 420 });
  });

  test('refuses a key that would change a prototype, a broken document, and a bomb of aliases', () => {
    expect(() => decodeJson('{"__proto__":{"a":1}}')).toThrow('"__proto__" is not allowed');
    expect(() => decodeYaml('a: [1\n')).toThrow('error converting YAML to JSON');
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...Array.from('bcdefgh').map(
        (name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[index]}`).join(',')}]`,
      ),
    ].join('\n');
    expect(() => decodeYaml(bomb)).toThrow('Excessive alias count');
  });

  test('refuses protobuf that is cut short or of an unknown kind', () => {
    expect(() => decodeProtobuf(Buffer.from('{}'))).toThrow('the magic number is missing');
    const envelope = Buffer.concat([
      Buffer.from('k8s\0'),
      Buffer.from([0x0a, 0x0a, 0x0a, 0x02, 0x76, 0x31, 0x12, 0x04]),
      Buffer.from('Node'),
    ]);
    expect(() => decodeProtobuf(envelope)).toThrow('no protobuf form of Node in v1 is known here');
    expect(() => decodeProtobuf(envelope.subarray(0, -2))).toThrow('ends in the middle');
  });
});

describe('a column', () => {
  const object = {
    spec: { list: [{ a: 1 }, { a: 2 }], 'x.y': 'dot' },
    status: {
      conditions: [
        { type: 'Other', status: 'False' },
        { type: 'Ready', status: 'True' },
      ],
    },
  };
  test.each([
    ['.spec.list[0].a', [1]],
    ['.spec.list[-1].a', [2]],
    ['.spec.list[*].a', [1, 2]],
    ['.spec.x\\.y', ['dot']],
    [".spec['x.y']", ['dot']],
    ['.status.conditions[?(@.type=="Ready")].status', ['True']],
    ['.none.here', []],
  ])('reads %s', (path, found) => {
    expect(compilePath(path)(object)).toEqual(found);
  });

  test('with a path nobody can read is refused when it is defined', () => {
    expect(() => compilePath('.spec[?(@.a>1)]')).toThrow('cannot read');
  });

  test.each([
    [5, '5s'],
    [119, '119s'],
    [190, '3m10s'],
    [600, '10m'],
    [3 * 3600 + 300, '3h5m'],
    [9 * 3600, '9h'],
    [49 * 3600, '2d1h'],
    [9 * 86_400, '9d'],
    [800 * 86_400, '2y70d'],
  ])('shows %s seconds as %s', (seconds, text) => {
    expect(age('2026-11-23T00:00:00Z', Date.parse('2026-11-23T00:00:00Z') + seconds * 1000)).toBe(text);
  });
});
