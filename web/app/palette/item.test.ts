import { describe, expect, it } from 'vitest';
import { arranged, fitting, type Item, isRequestId } from './item.ts';

const item = (text: string, more: Partial<Item> = {}): Item => ({ key: text, group: 'pages', icon: 'server', text, ...more });

describe('the palette', () => {
  it('puts what begins with the text first, then words that do, then the rest', () => {
    const items = [item('Audit log'), item('Server groups'), item('Blog'), item('Log out')];
    expect(fitting(items, 'log').map(({ text }) => text)).toEqual(['Log out', 'Audit log', 'Blog']);
  });

  it('wants all words of a text, wherever they stand', () => {
    const items = [item('web-1', { about: 'bj-1 10.0.0.9' }), item('web-1', { key: 'other', about: 'sh-1 10.0.0.7' })];
    expect(fitting(items, 'web sh-1').map(({ key }) => key)).toEqual(['other']);
    expect(fitting(items, '  ')).toHaveLength(2);
    expect(fitting(items, '(')).toEqual([]);
  });

  it('shows nothing twice, and no more of a group than there is room for', () => {
    const items = [
      ...['a', 'b', 'c'].map((name) => item(name, { group: 'resources', href: `/${name}` })),
      item('a', { group: 'recent', href: '/a' }),
    ];
    expect(arranged(items, { resources: 1 }).map(({ group, text }) => `${group} ${text}`)).toEqual(['recent a', 'resources b']);
  });

  it('knows the id of a request when it sees one', () => {
    expect(isRequestId(' req-0f3c1f0e-93f5-4c0c-9d4c-7a3f0f1f2a3b ')).toBe(true);
    expect(isRequestId('0f3c1f0e-93f5-4c0c-9d4c-7a3f0f1f2a3b')).toBe(true);
    expect(isRequestId('web-1')).toBe(false);
  });
});
