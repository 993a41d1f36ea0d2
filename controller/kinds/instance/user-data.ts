import { createHash } from 'node:crypto';
import type { Change } from '#controller/engine/kind.ts';
import { withoutStamp } from '#controller/inventory/stamp.ts';
import type { Server } from '#controller/openstack/compute/servers.ts';
import { fieldChange } from '../changes.ts';

/** Metadata key beside the stamp: the SHA-256 of the user data we gave the server, which Nova shows to nobody but administrators. */
export const USER_DATA_KEY = 'stackwarden.user-data';
/** We made it without any. Another thing than no mark at all: what a server that we took over was given is not known. */
const NONE = 'none';

/** Nova takes 65,535 characters of base64. */
export const MAX_USER_DATA_BYTES = Math.floor(65_535 / 4) * 3;

/** What a server is to be told, and the field that says so. MUST NOT be shown. */
export interface UserData {
  readonly path: 'spec.userData' | 'spec.userDataSecretRef';
  readonly bytes: Buffer;
}

export const USER_DATA_PATHS: readonly UserData['path'][] = ['spec.userData', 'spec.userDataSecretRef'];

/** What stands under `USER_DATA_KEY` for this. */
export function userDataMark(userData: UserData | undefined): string {
  return userData === undefined ? NONE : createHash('sha256').update(userData.bytes).digest('hex');
}

/** As Nova takes it. */
export function encodedUserData({ bytes }: UserData): string {
  return bytes.toString('base64');
}

/** Metadata as people declare it, without our own keys. */
export function declaredMetadata(metadata: Server['metadata']): Record<string, string> {
  const { [USER_DATA_KEY]: _mark, ...declared } = withoutStamp(metadata);
  return declared;
}

/** Told by hashes: it may hold secrets. A server without our mark may have been given anything, so it makes no difference. */
export function userDataChange(userData: UserData | undefined, { metadata }: Server, by: 'rebuild' | 'replace'): Change[] {
  const mark = metadata[USER_DATA_KEY];
  if (userData === undefined || mark === undefined) return [];
  const from = mark === NONE ? null : `sha256:${mark}`;
  return fieldChange(userData.path, from, `sha256:${userDataMark(userData)}`, { by });
}
