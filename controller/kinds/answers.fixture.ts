import type { Volume } from '#controller/openstack/block-storage/volumes.ts';
import type { KeyPair } from '#controller/openstack/compute/keypairs.ts';
import type { Server } from '#controller/openstack/compute/servers.ts';
import type { FloatingIP } from '#controller/openstack/network/floating-ips.ts';
import type { Network } from '#controller/openstack/network/networks.ts';
import type { Port } from '#controller/openstack/network/ports.ts';
import type { Router } from '#controller/openstack/network/routers.ts';
import type { SecurityGroup } from '#controller/openstack/network/security-groups.ts';
import type { Subnet } from '#controller/openstack/network/subnets.ts';
import answers from './answers.fixture.json' with { type: 'json' };

/** The uid of the object these are stamped with. */
export const OWNER_UID = '6f1c2a34-0000-4000-8000-000000000001';

/**
 * Answers of a real OpenStack 2025.1 (Nova 31.0 at 2.96, Neutron 26.0, Cinder 26.0 at 3.70), asked for on 2026-11-23 by a member of
 * the project; names shortened, links left out.
 */
export const real = answers as unknown as {
  readonly network: Network;
  /** Its gateway was taken away by a PUT of null. */
  readonly subnet: Subnet;
  /** Asked for as 2001:DB8:0:0::/64 with name server 2001:DB8:0::53; only the CIDR came back in canonical form. */
  readonly subnet6: Subnet;
  /** Rules sent in many spellings, beside the two default ones. */
  readonly securityGroup: SecurityGroup;
  readonly keyPair: KeyPair;
  /** Attached to `server`. */
  readonly volume: Volume;
  /** A copy of a volume that was made from an image. */
  readonly copy: Volume;
  /** Made from an image; `fromVolume` boots from it. */
  readonly bootVolume: Volume;
  readonly brokenVolume: Volume;
  /** ACTIVE, from an image, on one network. */
  readonly server: Server;
  /** `server` a moment after its create was accepted. */
  readonly building: Server;
  /** `server` after a resize nobody confirmed, and more changes. */
  readonly resized: Server;
  readonly shelved: Server;
  readonly locked: Server;
  readonly broken: Server;
  readonly fromVolume: Server;
  /** The port Nova made for `server`. */
  readonly port: Port;
  /** With a gateway, and routes by way of two interfaces. Of 2026-11-25, like those below. */
  readonly router: Router;
  /** The port Neutron made for `router` on a subnet. */
  readonly routerPort: Port;
  /** Used by nothing; one of its address pairs was asked for without a MAC address. */
  readonly freePort: Port;
  /** Leads to the second address of a port with two. */
  readonly floatingIP: FloatingIP;
};
