import type { AnyKind } from '#controller/engine/kind.ts';
import { floatingIP } from './floating-ip.ts';
import type { CloudHandle } from './handle.ts';
import { instance } from './instance/instance.ts';
import { keyPair } from './key-pair.ts';
import { network } from './network.ts';
import { port } from './port/port.ts';
import { router } from './router/router.ts';
import { securityGroup } from './security-group/security-group.ts';
import { subnet } from './subnet.ts';
import { volume } from './volume.ts';

export const apiGroup = 'openstack.stackwarden.io';
export const apiVersion = 'v1alpha1';

/** Every kind with a cloud resource, those first that others are built on. */
export const kinds: readonly AnyKind<CloudHandle>[] = [network, subnet, securityGroup, port, router, keyPair, volume, instance, floatingIP];
