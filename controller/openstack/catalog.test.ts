import { describe, expect, it } from 'vitest';
import { endpointOf, normalizeEndpoint, versionDocumentOf } from './catalog.ts';
import type { CatalogEntry, ServiceName, TokenInfo } from './cloud.ts';
import { parseCloudConfig } from './clouds-yaml.ts';
import { compareMicroversions, microversionHeaders, readRange } from './microversions.ts';

const entry = (type: string, ...endpoints: [face: string, region: string, url: string][]): CatalogEntry => ({
  type,
  name: type,
  endpoints: endpoints.map(([face, region, url]) => ({ interface: face, region, url })),
});
const token = (...catalog: CatalogEntry[]): TokenInfo => ({
  userId: 'u',
  projectId: 'p1',
  projectName: 'p',
  roles: [],
  expiresAt: new Date(),
  catalog,
});
const config = (extra = '') => parseCloudConfig({ cloudsYaml: `clouds: {a: {${extra} auth: {auth_url: http://k:5000, token: t}}}` });

describe('endpointOf', () => {
  const info = token(
    entry('volumev3', ['public', 'R1', 'http://old/v3/p1'], ['public', 'R2', 'http://old2/v3/p1']),
    entry('block-storage', ['public', 'R1', 'http://new/v3/p1'], ['internal', 'R1', 'http://inside/v3/p1']),
    entry('network', ['public', 'R1', 'http://n1'], ['public', 'R2', 'http://n2']),
  );

  it.each<[string, ServiceName, string, string]>([
    ['the official type first', 'block-storage', 'region_name: R1,', 'http://new/v3/p1'],
    ['an alias in a region without it', 'block-storage', 'region_name: R2,', 'http://old2/v3/p1'],
    ['the interface', 'block-storage', 'region_name: R1, interface: internal,', 'http://inside/v3/p1'],
    [
      'an override, with the project filled in',
      'block-storage',
      'volume_endpoint_override: "http://o/v3/%(project_id)s/",',
      'http://o/v3/p1',
    ],
    ['auth_url for Keystone, which is reachable', 'identity', '', 'http://k:5000/v3'],
  ])('takes %s', (_name, service, extra, expected) => {
    expect(endpointOf('c', service, config(extra), info)).toBe(expected);
  });

  it.each<[string, ServiceName, string, RegExp]>([
    ['the region is not said', 'network', '', /lists network in the regions R1, R2; set region_name to one of them/],
    [
      'the service has another region',
      'network',
      'region_name: R9,',
      /no network endpoint \(public interface, region R9\); it has public\/R1, public\/R2/,
    ],
    ['the service is not there', 'image', '', /no image endpoint .* it lists volumev3, block-storage, network: .* image_endpoint_override/],
  ])('says what to do when %s', (_name, service, extra, message) => {
    expect(() => endpointOf('c', service, config(extra), info)).toThrow(message);
  });
});

describe('normalizeEndpoint', () => {
  it.each<[ServiceName, string, string]>([
    ['network', 'http://h:9696', 'http://h:9696/v2.0'],
    ['network', 'http://h/networking/', 'http://h/networking/v2.0'],
    ['network', 'http://h:9696/v2.0/', 'http://h:9696/v2.0'],
    ['image', 'http://h/image', 'http://h/image/v2'],
    ['image', 'http://h/v1', 'http://h/v2'],
    ['compute', 'http://h/compute/v2.1', 'http://h/compute/v2.1'],
    ['compute', 'http://h/v2/p1', 'http://h/v2.1/p1'],
    ['compute', 'http://h:8774', 'http://h:8774/v2.1'],
    ['block-storage', 'http://h/v3', 'http://h/v3/p1'],
    ['block-storage', 'http://h/v2/p1', 'http://h/v3/p1'],
    ['block-storage', 'http://h/volume/v3/p1/', 'http://h/volume/v3/p1'],
    ['identity', 'http://h/identity/v2.0', 'http://h/identity/v3'],
  ])('%s at %s is %s', (service, url, expected) => {
    expect(normalizeEndpoint(service, url, 'p1')).toBe(expected);
  });

  it('leads to the version document above the project', () => {
    expect(versionDocumentOf('block-storage', 'http://h/volume/v3/p1')).toBe('http://h/volume/v3/');
    expect(versionDocumentOf('compute', 'http://h/v2.1')).toBe('http://h/v2.1/');
    expect(versionDocumentOf('network', 'http://h/v2.0')).toBeUndefined();
  });
});

describe('microversions', () => {
  it.each([
    ['of Nova', { version: { id: 'v2.1', version: '2.100', min_version: '2.1' } }, { min: '2.1', max: '2.100' }],
    ['of Cinder', { versions: [{ id: 'v3.0', version: '3.71', min_version: '3.0' }] }, { min: '3.0', max: '3.71' }],
    [
      'beside an old API',
      {
        versions: [
          { version: '', min_version: '' },
          { version: '2.9', min_version: '2.1' },
          { version: '2.60', min_version: '2.1' },
        ],
      },
      { min: '2.1', max: '2.60' },
    ],
    ['of nothing', { hello: 1 }, undefined],
    ['of null', null, undefined],
  ])('are read from the document %s', (_name, document, expected) => {
    expect(readRange(document)).toEqual(expected);
  });

  it('are compared by number', () => {
    expect(compareMicroversions('2.9', '2.10')).toBeLessThan(0);
    expect(compareMicroversions('3.0', '2.96')).toBeGreaterThan(0);
  });

  it('are asked for in the words of each service', () => {
    const range = { min: '2.1', max: '2.79' };
    expect(microversionHeaders('compute', '2.96', range)).toEqual({
      'openstack-api-version': 'compute 2.79',
      'x-openstack-nova-api-version': '2.79',
    });
    expect(microversionHeaders('block-storage', '3.70', { min: '3.0', max: '3.71' })).toEqual({ 'openstack-api-version': 'volume 3.70' });
    expect(microversionHeaders('network', '2.0', range)).toEqual({});
  });
});
