import { describe, expect, it } from 'vitest';
import { placeAt } from './yaml-editor-place.ts';

/** `|` is the cursor. */
function place(marked: string) {
  const { path, is, typed, beside, kind } = placeAt(marked.replace('|', ''), marked.indexOf('|'));
  return { path: path.join('.'), is, typed, beside, kind };
}

const head = 'apiVersion: openstack.stackwarden.io/v1alpha1\nkind: Instance\n';

describe('where the cursor stands', () => {
  it.each([
    ['a key at the top', `${head}met|`, { path: '', is: 'key', typed: 'met', beside: ['kind', 'apiVersion'], kind: 'Instance' }],
    [
      'a key further in',
      `${head}spec:\n  flavor: x\n  im|\n  tags: []`,
      { path: 'spec', is: 'key', typed: 'im', beside: ['flavor', 'tags'] },
    ],
    ['a value', `${head}spec:\n  powerState: Ru|`, { path: 'spec.powerState', is: 'value', typed: 'Ru' }],
    ['an empty value', `${head}spec:\n  powerState: |`, { path: 'spec.powerState', is: 'value', typed: '' }],
    ['a key in a list entry', `${head}spec:\n  networks:\n    - net|`, { path: 'spec.networks.0', is: 'key', typed: 'net' }],
    [
      'a later key in a list entry',
      `${head}spec:\n  networks:\n    - networkRef: { name: a }\n      fix|\n    - networkRef: b`,
      { path: 'spec.networks.0', is: 'key', beside: ['networkRef'] },
    ],
    ['a key below a list entry', `${head}spec:\n  networks:\n    - networkRef:\n        na|`, { path: 'spec.networks.0.networkRef' }],
    ['a list that is not indented', `spec:\n  rules:\n  - dir|`, { path: 'spec.rules.0', is: 'key' }],
    ['a key behind a list', `spec:\n  rules:\n    - direction: ingress\n      protocol: tcp\n  ta|`, { path: 'spec', beside: ['rules'] }],
    ['a key between braces', 'spec:\n  flavor: { na|', { path: 'spec.flavor', is: 'key', typed: 'na' }],
    ['a value between braces', 'spec:\n  flavor: { name: m1.|', { path: 'spec.flavor.name', is: 'value', typed: 'm1.' }],
    [
      'an entry between braces',
      'spec:\n  rules:\n    - { direction: ingress, pro|',
      { path: 'spec.rules.0', is: 'key', beside: ['direction'] },
    ],
    ['a document of several', `${head}---\nkind: Volume\nspec:\n  si|\n---\nkind: Network`, { path: 'spec', kind: 'Volume' }],
    ['a blank line', `${head}spec:\n  |\n  flavor: x`, { path: 'spec', is: 'key', typed: '', beside: ['flavor'] }],
  ])('is known: %s', (_, text, expected) => expect(place(text)).toMatchObject(expected));
});
