import type { World } from '../world.ts';

/** Every service under one address, each with its prefix; `block-storage` is what 2025.1 calls Cinder. */
export function catalog(world: World, projectId: string): object[] {
  const entries = [
    { type: 'identity', name: 'keystone', url: `${world.origin}/identity/v3` },
    { type: 'image', name: 'glance', url: `${world.origin}/image` },
    { type: 'compute', name: 'nova', url: `${world.origin}/compute/v2.1` },
    { type: 'block-storage', name: 'cinder', url: `${world.origin}/volume/v3/${projectId}` },
    { type: 'network', name: 'neutron', url: `${world.origin}/network` },
  ];
  return entries.map(({ type, name, url }, number) => ({
    endpoints: ['public', 'admin', 'internal'].map((face, index) => ({
      id: `${number}${index}`.padStart(32, '0'),
      interface: face,
      region_id: world.region,
      url,
      region: world.region,
    })),
    id: String(number).padStart(32, 'c'),
    type,
    name,
  }));
}
