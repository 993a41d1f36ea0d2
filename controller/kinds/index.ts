import type { AnyKind } from '#controller/engine/kind.ts';
import { floatingIP } from './floating-ip.ts';
import type { CloudHandle } from './handle.ts';
import { image } from './image/image.ts';
import { instance } from './instance/instance.ts';
import { instanceSnapshot } from './instance-snapshot.ts';
import { keyPair } from './key-pair.ts';
import { network } from './network.ts';
import { port } from './port/port.ts';
import { router } from './router/router.ts';
import { securityGroup } from './security-group/security-group.ts';
import { serverGroup } from './server-group.ts';
import { subnet } from './subnet.ts';
import { volume } from './volume.ts';
import { volumeSnapshot } from './volume-snapshot.ts';

export const apiGroup = 'openstack.stackwarden.io';
export const apiVersion = 'v1alpha1';

/** Every kind with a cloud resource, those first that others are built on. */
export const kinds: readonly AnyKind<CloudHandle>[] = [
  network,
  subnet,
  securityGroup,
  port,
  router,
  keyPair,
  image,
  volume,
  volumeSnapshot,
  serverGroup,
  instance,
  instanceSnapshot,
  floatingIP,
];
