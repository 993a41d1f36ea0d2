import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '#controller/engine/json.ts';
import { acceptance, segmentsOf } from './accept.ts';

const entry = (path: string, declared: Json, observed: Json) => ({ path, declared, observed, since: '2026-11-29T12:00:00Z' });
const accepted = (spec: JsonObject, path: string, [declared, observed]: [Json, Json], fromCloud?: JsonObject) =>
  acceptance(spec, [entry(path, declared, observed)], () => fromCloud);

describe('accepting drift', () => {
  it('sets a field that spec and drift tell alike', () => {
    expect(accepted({ sizeGiB: 1 }, 'spec.sizeGiB', [1, 3]).patch).toEqual({ sizeGiB: 3 });
    expect(accepted({ metadata: { tier: 'gold' } }, 'spec.metadata.tier', ['gold', 'tin']).patch).toEqual({ metadata: { tier: 'tin' } });
    expect(accepted({ dns: ['a'] }, 'spec.dns', [['a'], ['b', 'c']]).patch).toEqual({ dns: ['b', 'c'] });
  });

  it('declares what is there and was not declared, and drops what is gone', () => {
    expect(accepted({ metadata: { a: '1' } }, 'spec.metadata[app.tier]', [null, 'x']).patch).toEqual({ metadata: { 'app.tier': 'x' } });
    expect(accepted({ metadata: { a: '1', b: '2' } }, 'spec.metadata.a', ['1', null]).patch).toEqual({ metadata: { a: null } });
    expect(accepted({}, 'spec.name', ['web', 'web-2']).patch).toEqual({ name: 'web-2' });
  });

  it('changes a set of texts element by element', () => {
    expect(accepted({ tags: ['a'] }, 'spec.tags[b]', [null, 'b']).patch).toEqual({ tags: ['a', 'b'] });
    expect(accepted({ tags: ['a', 'b'] }, 'spec.tags[b]', ['b', null]).patch).toEqual({ tags: ['a'] });
  });

  it('takes what the kind declares where they tell it otherwise', () => {
    expect(accepted({ flavor: { name: 'small' } }, 'spec.flavor', ['small', 'large'], { flavor: { name: 'large' } }).patch).toEqual({
      flavor: { name: 'large' },
    });
    expect(accepted({ networkRef: { name: 'front' } }, 'spec.networkRef', ['id-1', 'id-2'], { network: { id: 'id-2' } }).patch).toEqual({
      networkRef: null,
      network: { id: 'id-2' },
    });
    expect(accepted({ rules: [{ a: 1 }] }, 'spec.rules[ingress tcp 22]', ['present', null], {}).patch).toEqual({ rules: [] });
  });

  it.each([
    ['the whole resource', '', ['present', 'missing'], {}],
    ['the stamp', 'metadata.uid', ['u', null], { metadata: {} }],
    ['user data that is only known by its digest', 'spec.userData', ['sha256:a', 'sha256:b'], { userData: '#!/bin/sh' }],
    ['a reference the cloud does not know', 'spec.keyPairRef', ['mine', 'other'], { keyPairRef: { name: 'mine' } }],
  ] as const)('refuses %s', (_, path, [declared, observed], spec) => {
    expect(acceptance(spec, [entry(path, declared, observed)], () => undefined)).toMatchObject({ refused: [path] });
  });

  it('reads paths with brackets', () => {
    expect(segmentsOf('spec.rules[ingress IPv4 tcp 22 0.0.0.0/0].description')).toEqual([
      'rules',
      'ingress IPv4 tcp 22 0.0.0.0/0',
      'description',
    ]);
  });

  it('leaves the spec it was given alone', () => {
    const spec = { tags: ['a'], metadata: { a: '1' } };
    acceptance(spec, [entry('spec.tags[b]', null, 'b'), entry('spec.metadata.a', '1', '2')], () => undefined);
    expect(spec).toEqual({ tags: ['a'], metadata: { a: '1' } });
  });
});
