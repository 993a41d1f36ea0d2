import { describe } from 'vitest';
import { blockStorageContract } from './block-storage.ts';
import type { CloudAccess } from './client.ts';
import { computeContract } from './compute.ts';
import { floatingIpContract } from './floating-ips.ts';
import { identityContract } from './identity.ts';
import { imageContract } from './image.ts';
import { imageWritesContract } from './image-writes.ts';
import { networkContract } from './network.ts';
import { portContract } from './ports.ts';
import { quotaContract } from './quotas.ts';
import { rebuildContract } from './rebuild.ts';
import { routerContract } from './routers.ts';
import { securityGroupContract } from './security-groups.ts';
import { serverAccessContract } from './server-access.ts';
import { serverGroupContract } from './server-groups.ts';
import { serverImageContract } from './server-images.ts';
import { serverPartsContract } from './server-parts.ts';
import { serverContract } from './servers.ts';
import { subnetContract } from './subnets.ts';
import { twinContract } from './twins.ts';
import { volumeContentsContract } from './volume-contents.ts';
import { volumeSnapshotContract } from './volume-snapshots.ts';
import { useContract } from './world.ts';

/** Registers what a cloud must answer, over raw HTTP; run unchanged on the sandbox and on a real OpenStack. */
export function contractSuite(name: string, connect: () => Promise<CloudAccess>): void {
  describe(`the contract with ${name}`, () => {
    const contract = useContract(connect);
    describe('identity', () => identityContract(contract));
    describe('image', () => imageContract(contract));
    describe('images of our own', () => imageWritesContract(contract));
    describe('network', () => networkContract(contract));
    describe('subnets', () => subnetContract(contract));
    describe('ports', () => portContract(contract));
    describe('routers', () => routerContract(contract));
    describe('floating IPs', () => floatingIpContract(contract));
    describe('security groups', () => securityGroupContract(contract));
    describe('block storage', () => blockStorageContract(contract));
    describe('volume snapshots', () => volumeSnapshotContract(contract));
    describe('contents of volumes', () => volumeContentsContract(contract));
    describe('server groups', () => serverGroupContract(contract));
    describe('compute', () => computeContract(contract));
    describe('servers', () => serverContract(contract));
    describe('what is plugged into servers', () => serverPartsContract(contract));
    describe('getting at servers, and moving them', () => serverAccessContract(contract));
    describe('rebuilding servers', () => rebuildContract(contract));
    describe('images of servers', () => serverImageContract(contract));
    describe('security groups of one name', () => twinContract(contract));
    describe('quotas', () => quotaContract(contract));
  });
}
