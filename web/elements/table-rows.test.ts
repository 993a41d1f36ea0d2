import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PagedRows, type PagedRowsOptions } from './table-rows.ts';

interface Row {
  readonly key: string;
  readonly text: string;
}

/** A server with so many rows; `answer` lets the oldest request through. */
function createServer(count: number) {
  let rows = Array.from({ length: count }, (_, n): Row => ({ key: `k-${n}`, text: 'as it was' }));
  const waiting: { offset: number; signal: AbortSignal; answer(): void; fail(error: Error): void }[] = [];
  const options: PagedRowsOptions<Row, { items: readonly Row[]; total: number }> = {
    pageSize: 10,
    kept: 2,
    keyOf: ({ key }) => key,
    page: (offset, limit, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
        waiting.push({
          offset,
          signal,
          answer: () => resolve({ items: rows.slice(offset, offset + limit), total: rows.length }),
          fail: reject,
        });
      }),
  };
  return {
    paged: new PagedRows(options),
    set: (changed: readonly Row[]) => {
      rows = [...changed];
    },
    get rows() {
      return rows;
    },
    asked: () => waiting.filter(({ signal }) => !signal.aborted).map(({ offset }) => offset),
    async answer() {
      for (const one of waiting.splice(0)) one.answer();
      await vi.advanceTimersByTimeAsync(0);
    },
    async fail(error: Error) {
      for (const one of waiting.splice(0)) one.fail(error);
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

describe('rows by page', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('come as they are wanted', async () => {
    const server = createServer(95);
    server.paged.want(0, 8);
    expect([server.asked(), server.paged.total, server.paged.at(0)]).toEqual([[0], undefined, undefined]);
    await server.answer();
    expect([server.paged.total, server.paged.at(3)?.key, server.paged.at(12)]).toEqual([95, 'k-3', undefined]);
    await vi.advanceTimersByTimeAsync(100);
    server.paged.want(88, 99);
    expect(server.asked()).toEqual([80, 90]);
    await server.answer();
    expect([server.paged.at(94)?.key, server.paged.at(95)]).toEqual(['k-94', undefined]);
  });

  it('that left the view before they came are called off, and a fast scroll asks only where it pauses', async () => {
    const server = createServer(50_000);
    server.paged.want(0, 8);
    await server.answer();
    for (let first = 1000; first < 5000; first += 500) server.paged.want(first, first + 8);
    expect(server.asked()).toEqual([]);
    await vi.advanceTimersByTimeAsync(80);
    expect(server.asked()).toEqual([4500]);
    server.paged.want(20_000, 20_008);
    expect(server.asked()).toEqual([]);
    await vi.advanceTimersByTimeAsync(80);
    expect(server.asked()).toEqual([20_000]);
  });

  it('are not kept for ever', async () => {
    const server = createServer(1000);
    for (let first = 0; first < 100; first += 10) {
      server.paged.want(first, first + 10);
      await server.answer();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect([0, 60, 70, 80, 90].map((index) => server.paged.at(index)?.key)).toEqual([undefined, undefined, 'k-70', 'k-80', 'k-90']);
  });

  it('say why they did not come, and come when asked again', async () => {
    const server = createServer(20);
    let told = 0;
    server.paged.subscribe(() => (told += 1));
    server.paged.want(0, 8);
    await server.fail(new Error('no answer'));
    expect([String(server.paged.error), told]).toEqual(['Error: no answer', 1]);
    server.paged.retry();
    await server.answer();
    expect([server.paged.error, server.paged.at(0)?.key]).toEqual([undefined, 'k-0']);
  });

  it('change in place, wherever they are', async () => {
    const server = createServer(20);
    server.paged.want(0, 20);
    await server.answer();
    const anew = (row: Row) => ({ ...row, text: 'new' });
    const changes = new Map(['k-12', 'k-3', 'nobody'].map((key) => [key, anew]));
    expect(server.paged.replace(changes)).toBe(2);
    expect([server.paged.at(12), server.paged.find('k-3')]).toEqual([
      { key: 'k-12', text: 'new' },
      { key: 'k-3', text: 'new' },
    ]);
  });

  it('show at once what is only otherwise, and hold what would move', async () => {
    const server = createServer(20);
    server.paged.want(0, 8);
    await server.answer();
    server.set(server.rows.map((row) => ({ ...row, text: 'changed' })));
    let looked = server.paged.look();
    await server.answer();
    await looked;
    expect([server.paged.at(0)?.text, server.paged.held]).toEqual(['changed', undefined]);
    server.set([{ key: 'new', text: '' }, ...server.rows]);
    looked = server.paged.look();
    await server.answer();
    await looked;
    expect([server.paged.at(0)?.key, server.paged.total, server.paged.held]).toEqual(['k-0', 20, { more: 1 }]);
    server.paged.show();
    expect([server.paged.at(0)?.key, server.paged.total, server.paged.held]).toEqual(['new', 21, undefined]);
  });
});
