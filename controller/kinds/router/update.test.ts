import { expect, it } from 'vitest';
import { OWNER_UID, real } from '../answers.fixture.ts';
import { listeningCloud } from '../calls.fixture.ts';
import { type DesiredRouter, router } from './router.ts';

const { id } = real.router;
const [address] = real.routerPort.fixed_ips;
const rows = { router: [real.router], port: [real.routerPort], subnet: [{ id: address?.subnet_id ?? '', name: 'front' }] };
const answer = (call: string) => (call.includes('_interface') ? { id, port_id: 'p' } : { router: real.router });
const owner = { uid: OWNER_UID, key: 'default/net', namespace: 'default', name: 'net', id };
const plug = `PUT /routers/${id}/add_router_interface`;
const unplug = `PUT /routers/${id}/remove_router_interface`;

async function update(desired: Partial<DesiredRouter>, refuse?: (call: string) => string | undefined) {
  const { cloud, sent } = listeningCloud(rows, { answer, ...(refuse && { refuse }) });
  const seen = router.observe(cloud, owner);
  if (seen.found !== 'one') throw new Error(`found ${seen.found}`);
  const whole = { uid: OWNER_UID, name: 'net', ...desired };
  const { changes } = router.diff(whole, seen.observed);
  const failure = await router.update(cloud, whole, seen.observed, changes).catch((error: Error) => error.message);
  return { sent, failure };
}

it('gives routes up before the interface they need, and takes new ones only once the new interface is there', async () => {
  const { sent } = await update({
    interfaces: [{ label: 'back', subnetId: 'back' }],
    routes: ['10.98.0.0/16 via 10.223.0.9', '10.97.0.0/16 via 10.9.0.9'],
  });
  expect(sent).toEqual([
    [`PUT /routers/${id}`, { router: { routes: [{ destination: '10.98.0.0/16', nexthop: '10.223.0.9' }] } }],
    [unplug, { subnet_id: address?.subnet_id }],
    [plug, { subnet_id: 'back' }],
  ]);
});

it('plugs in what is new although what is old is held back, and says what holds it', async () => {
  const { sent, failure } = await update({ interfaces: [{ label: 'back', subnetId: 'back' }] }, (call) =>
    call === unplug ? 'RouterInterfaceInUseByFloatingIP' : undefined,
  );
  expect(sent.map(([call]) => call)).toEqual([unplug, plug]);
  expect(failure).toContain('RouterInterfaceInUseByFloatingIP');
});

it('is deleted last, after its routes and interfaces', async () => {
  const { cloud, sent } = listeningCloud(rows, { answer });
  const seen = router.observe(cloud, owner);
  if (seen.found === 'one') await router.delete(cloud, seen.observed, owner);
  expect(sent).toEqual([
    [`PUT /routers/${id}`, { router: { routes: [] } }],
    [unplug, { subnet_id: address?.subnet_id }],
    [`DELETE /routers/${id}`, undefined],
  ]);
});
