import { describe, expect, it } from 'vitest';
import { type ChartSeries, isEmpty, looksOf, newestOf, rowsOf, withFewLoud } from './chart-series.ts';

const line = (name: string, ...values: (number | null)[]): ChartSeries => ({ name, points: values.map((y, x) => ({ x, y })) });

describe('series of a chart', () => {
  it('are the rows of a table, the newest time first, categories as they come', () => {
    const rows = rowsOf([line('a', 1, null), line('b', 3)]);
    expect(rows.map(({ x, points }) => [x, ...points.map((point) => point?.y)])).toEqual([
      [1, null, undefined],
      [0, 1, 3],
    ]);
    const states = {
      name: 'states',
      points: [
        { x: 'ACTIVE', y: 4 },
        { x: 'ERROR', y: 1 },
      ],
    };
    expect(rowsOf([states]).map(({ x }) => x)).toEqual(['ACTIVE', 'ERROR']);
  });

  it('tell their newest value, past gaps', () => {
    expect([newestOf(line('a', 1, 2, null)), newestOf(line('b', null))]).toEqual([2, undefined]);
    expect([isEmpty([line('a', null)]), isEmpty([line('a', null), line('b', 0)])]).toEqual([true, false]);
  });

  it('that are many leave the colours to the greatest', () => {
    const few = withFewLoud([line('low', 1), line('high', 2, 9), line('middle', 5)], 2);
    expect(few.map(({ name, isQuiet }) => [name, isQuiet ?? false])).toEqual([
      ['low', true],
      ['high', false],
      ['middle', false],
    ]);
    expect(withFewLoud([line('a', 1)], 2)).toEqual([line('a', 1)]);
  });

  it('look different up to 24', () => {
    const looks = looksOf(Array.from({ length: 24 }, (_, index) => line(`${index}`, 1)));
    expect(new Set(looks.map((look) => JSON.stringify(look))).size).toBe(24);
  });
});
