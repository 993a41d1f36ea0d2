import type { KindCase } from './kind-case.ts';
import { floatingIpCase } from './mutations/floating-ip.ts';
import { instanceCase } from './mutations/instance.ts';
import { keyPairCase } from './mutations/key-pair.ts';
import { networkCase } from './mutations/network.ts';
import { portCase } from './mutations/port.ts';
import { routerCase } from './mutations/router.ts';
import { securityGroupCase } from './mutations/security-group.ts';
import { subnetCase } from './mutations/subnet.ts';
import { volumeCase } from './mutations/volume.ts';

/** What the conformance suite knows of each kind with a cloud resource, in the order of the registry. */
export const kindCases: readonly KindCase[] = [
  networkCase,
  subnetCase,
  securityGroupCase,
  portCase,
  routerCase,
  keyPairCase,
  volumeCase,
  instanceCase,
  floatingIpCase,
];
