import type { KindCase } from './kind-case.ts';
import { floatingIpCase, floatingIpOfInstanceCase } from './mutations/floating-ip.ts';
import { imageCase } from './mutations/image.ts';
import { instanceCase, instanceOnPortCase } from './mutations/instance.ts';
import { instanceSnapshotCase } from './mutations/instance-snapshot.ts';
import { keyPairCase } from './mutations/key-pair.ts';
import { networkCase } from './mutations/network.ts';
import { portCase } from './mutations/port.ts';
import { routerCase } from './mutations/router.ts';
import { securityGroupCase } from './mutations/security-group.ts';
import { serverGroupCase } from './mutations/server-group.ts';
import { subnetCase } from './mutations/subnet.ts';
import { volumeCase } from './mutations/volume.ts';
import { volumeSnapshotCase } from './mutations/volume-snapshot.ts';

/** What the conformance suite knows of each kind with a cloud resource, in the order of the registry. */
export const kindCases: readonly KindCase[] = [
  networkCase,
  subnetCase,
  securityGroupCase,
  portCase,
  routerCase,
  keyPairCase,
  imageCase,
  volumeCase,
  volumeSnapshotCase,
  serverGroupCase,
  instanceCase,
  instanceOnPortCase,
  instanceSnapshotCase,
  floatingIpCase,
  floatingIpOfInstanceCase,
];
