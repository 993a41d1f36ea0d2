import { describe, expect, it } from 'vitest';
import { auditExport, auditQuery } from '../../data/audit.ts';
import { filterIn, isFiltered } from './filter.ts';

const now = Date.parse('2026-11-29T12:00:00Z');
const read = (query: string, clusters: readonly string[] = []) => filterIn(new URLSearchParams(query), clusters, now);

describe('the filter of the audit log', () => {
  it('is what the address says, of the clusters in view', () => {
    expect(read('type=DriftDetected,Missing&kind=Volume&actor=anna&result=denied&text=%20no%20', ['a', 'b'])).toEqual({
      type: ['DriftDetected', 'Missing'],
      kind: ['Volume'],
      actor: 'anna',
      result: 'denied',
      text: 'no',
      cluster: ['a', 'b'],
    });
    expect(read('type=&result=perhaps&since=yesterday')).toEqual({});
  });

  it('counts a time by name back from now, and takes others as they are', () => {
    expect(read('range=1h')).toEqual({ since: '2026-11-29T11:00:00.000Z' });
    expect(read('since=2026-11-01T00:00:00Z&until=2026-11-02T00:00:00Z')).toEqual({
      since: '2026-11-01T00:00:00.000Z',
      until: '2026-11-02T00:00:00.000Z',
    });
  });

  it('is exported as it is shown', () => {
    const filter = read('type=Created,Deleted&object=Volume/shop/a', ['main']);
    expect(auditQuery(filter).toString()).toBe('object=Volume%2Fshop%2Fa&type=Created&type=Deleted&cluster=main');
    expect(auditExport(filter, 'csv')).toBe(
      '/api/v1/audit/export?object=Volume%2Fshop%2Fa&type=Created&type=Deleted&cluster=main&format=csv',
    );
  });

  it('knows whether there is one', () => {
    expect([isFiltered(new URLSearchParams('entry=3&range=')), isFiltered(new URLSearchParams('range=1h'))]).toEqual([false, true]);
  });
});
