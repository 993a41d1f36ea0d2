import { describe, expect, it } from 'vitest';
import { kinds } from '../kinds/index.ts';
import type { Resource } from './resources.ts';
import { isSelected, parseSelection } from './selection.ts';

const kindOf = (kind: string) => kinds.find((candidate) => candidate.kind === kind) as Resource['kind'];
const web1: Resource = { kind: kindOf('Volume'), type: 'volume', id: 'v-1', name: 'web-1', tags: [] };
const front: Resource = { kind: kindOf('Network'), type: 'network', id: 'n-1', name: 'front', tags: ['prod', 'web'] };
const picks = (...texts: string[]) => [web1, front].filter((one) => isSelected(parseSelection(texts, kinds), one)).map(({ id }) => id);

describe('a selection', () => {
  it.each<[string[], string[]]>([
    [[], ['v-1', 'n-1']],
    [['kind=Volume'], ['v-1']],
    [['kind=volumes'], ['v-1']],
    [['kind=osn'], ['n-1']],
    [
      ['kind=Volume', 'kind=Network'],
      ['v-1', 'n-1'],
    ],
    [['name=web-*'], ['v-1']],
    [['name=web-?'], ['v-1']],
    [['name=web'], []],
    [['name=*o*'], ['n-1']],
    [['name=w.b-1'], []],
    [['tag=prod'], ['n-1']],
    [['id=v-1'], ['v-1']],
    [['kind=Volume', 'tag=prod'], []],
  ])('%j picks %j', (texts, expected) => {
    expect(picks(...texts)).toEqual(expected);
  });

  it.each([
    ['colour=red', '"colour=red" is no selector; known are kind=KIND, name=PATTERN'],
    ['Volume', '"Volume" is no selector'],
    ['kind=', '"kind=" is no selector'],
    ['kind=Volum', '"kind=Volum": there is no kind Volum; known are Network, Subnet, '],
  ])('%s is refused with what is known', (text, message) => {
    expect(() => parseSelection([text], kinds)).toThrow(message);
  });
});
