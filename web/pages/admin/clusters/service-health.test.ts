import { describe, expect, it } from 'vitest';
import type { HealthPoint } from '../../../data/connections.ts';
import { availability, linesOfServices, servicesIn, sumsOf } from './service-health.ts';

const point = (at: string, more: Partial<HealthPoint>): HealthPoint => ({
  at,
  samples: 1,
  asked: 1,
  reachable: 1,
  reason: '',
  services: {},
  ...more,
});
const points = [
  point('2026-11-29T10:00:00Z', {
    services: { network: { calls: 10, errors: 1, p50: 20, p95: 50 }, compute: { calls: 1, errors: 0, p50: 5, p95: 5 } },
  }),
  point('2026-11-29T10:01:00Z', { reachable: 0, services: { network: { calls: 2, errors: 2 } } }),
  point('2026-11-29T10:02:00Z', { services: { network: { calls: 30, errors: 0, p50: 40, p95: 45 } } }),
];

describe('how a cloud answered', () => {
  it('is summed by service, typical latency weighted by calls that were answered', () => {
    expect(servicesIn(points)).toEqual(['compute', 'network']);
    expect(sumsOf(points)).toEqual([
      { service: 'compute', calls: 1, errors: 0, p50: 5, p95: 5 },
      { service: 'network', calls: 42, errors: 3, p50: 35, p95: 50 },
    ]);
    expect(sumsOf([points[1] as HealthPoint])).toMatchObject([{ p50: undefined, p95: undefined }]);
  });

  it('is a line a service, with a gap where nothing was answered', () => {
    const [compute, network] = linesOfServices(points, 'p95', (service) => service.toUpperCase());
    expect([compute?.name, compute?.points.map(({ y }) => y)]).toEqual(['COMPUTE', [5, null, null]]);
    expect(network?.points.map(({ y }) => y)).toEqual([50, null, 45]);
  });

  it('is a share of the minutes it was asked in', () => {
    expect(availability(points)).toBeCloseTo(2 / 3);
    expect(availability([])).toBeUndefined();
  });
});
