import type { Target } from '../ports.ts';

/** How one signs in to an instance, as somebody wrote it down. */
export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly port: number;
  /** `floating`, `fixed`, `any`, or one of the instance's addresses. */
  readonly via: string;
  /** PEM or OpenSSH, not encrypted: for this one use. */
  readonly privateKey?: string;
}

export interface Profiles {
  /** The profile asked for, or without `id` the one that holds for the instance when nothing is said; undefined when there is none. */
  profile(target: Target, id?: string): Promise<Profile | undefined>;
}

/** The host that instances of a cluster are reached through. */
export interface Bastion {
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** PEM or OpenSSH, not encrypted. */
  readonly privateKey: string;
  /** Each a fingerprint (`SHA256:...`) or a public key as in known_hosts (`ssh-ed25519 AAAA...`); one at least. */
  readonly hostKeys: readonly string[];
}

export interface Bastions {
  /** Undefined: instances are reached straight. Throws in words for people when the cluster names one that cannot be read. */
  bastion(cluster: string): Promise<Bastion | undefined>;
}
