import type { KindCase } from './kind-case.ts';
import { instanceCase } from './mutations/instance.ts';
import { keyPairCase } from './mutations/key-pair.ts';
import { networkCase } from './mutations/network.ts';
import { securityGroupCase } from './mutations/security-group.ts';
import { subnetCase } from './mutations/subnet.ts';
import { volumeCase } from './mutations/volume.ts';

/** What the conformance suite knows of each kind with a cloud resource, in the order of the registry. */
export const kindCases: readonly KindCase[] = [networkCase, subnetCase, securityGroupCase, keyPairCase, volumeCase, instanceCase];
