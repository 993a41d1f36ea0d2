import { describe, expect, it } from 'vitest';
import { serverRow } from './clouds.fixture.ts';
import { presentEntry } from './entry.ts';
import { parseFilter } from './filter.ts';

const now = Date.parse('2026-11-29T12:00:00Z');
const inventory = { get: () => undefined } as never;
const web = presentEntry(
  'server',
  'bj-1',
  serverRow('4f6e0c1a-9d1c-4f6e-8f5a-000000000001', {
    name: 'Web-1',
    status: 'ERROR',
    created: '2026-11-20T00:00:00Z',
    tags: ['prod', 'a b'],
    addresses: {
      front: [
        { addr: '10.0.0.9', version: 4, 'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:12:34:56' },
        { addr: 'fe80::1', version: 6 },
      ],
    },
    locked: true,
  }),
  { inventory, object: undefined },
);
const fits = (filter: string) => parseFilter('server', filter, now)?.(web) ?? true;

describe('a filter', () => {
  it.each([
    '',
    'status:ERROR',
    'status:active,error',
    'status:E*R',
    'cluster:bj-*',
    'name:web-?',
    'age>7d',
    'age<10d',
    'created:2026-11-20',
    'created>=2026-11-20',
    'tag:prod',
    'tags:"a b"',
    'ram>=2048',
    'ram:1024,2048',
    'vcpus<2',
    'locked:yes',
    'declared:no',
    'host:""',
    'ip:10.0.0.9',
    'mac:fa:16:3e:12:34:56',
    'web',
    'EB-1',
    '10.0.0',
    'fa:16',
    'fa:16:3e',
    'fa:16:3e:12:34:56',
    'fe80::1',
    '4f6e0c1a',
    '-tag:test',
    '-db status:ERROR cluster:bj-1 -name:db*',
    '"web-1"',
    '-',
  ])('finds by %s', (filter) => {
    // A bare hyphen is text: it is in the name.
    expect(fits(filter)).toBe(true);
  });

  it.each([
    'status:ACTIVE',
    'status:ERR',
    'cluster:sh-*',
    'name:web',
    'age>10d',
    'age<=1h',
    'created:2026-11-21',
    'tag:test',
    'ram>2048',
    'locked:no',
    'declared:yes',
    'tags:""',
    'host:x',
    'db',
    '10.0.1',
    'fe80::2',
    '-web',
    '-tag:prod',
    'web db',
    'ip:10.0.0',
  ])('does not find by %s', (filter) => {
    expect(fits(filter)).toBe(false);
  });

  it.each([
    ['colour:red', 'colour:red: there is no column colour; known are addresses, age, cluster,'],
    ['a web status:', 'status:: a value is missing'],
    ['age>soon', 'age>soon: an age is written age>7d'],
    ['age:7d', 'age:7d: an age is written'],
    ['name>5', 'name>5: name is no number and no time; compare it with name:VALUE.'],
    ['ram>much', 'ram>much: much is no number.'],
    ['ram:x', 'ram:x: x is no number.'],
    ['created>yesterday', 'created>yesterday: allowed is a date or a time'],
    ['locked:maybe', 'locked:maybe: allowed are locked:yes and locked:no.'],
    ['name:"web', 'name:"web: a quotation mark is missing.'],
    ['size>=100', 'size>=100: there is no column size;'],
    ['__proto__:x', ''],
  ])('refuses %s by name, and says what is allowed', (filter, message) => {
    if (message === '') expect(fits(filter)).toBe(false);
    else expect(() => fits(filter)).toThrow(message);
  });

  it('refuses more tokens than anybody types', () => {
    expect(() => fits('a '.repeat(31))).toThrow('At most 30 tokens, not 31.');
  });

  it('is done with any pattern', () => {
    const row = { ...web, cells: { ...web.cells, host: 'a'.repeat(255) } };
    // Made into a regular expression, this would take longer than the universe has.
    expect(parseFilter('server', `host:${'*a'.repeat(120)}b`, now)?.(row)).toBe(false);
    expect(parseFilter('server', `host:${'*a'.repeat(120)}*`, now)?.(row)).toBe(true);
  });
});
