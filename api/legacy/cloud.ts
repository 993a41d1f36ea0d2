import { CloudConfigError } from '#controller/openstack/config-section.ts';
import { credentialsYaml } from './credentials.ts';
import type { LegacyRow } from './database.ts';
import { flagOf, jsonOf, lineOf, textOf } from './values.ts';

export const cloudColumns = ['name', 'description', 'auth_url', 'credentials', 'is_active'] as const;

/** A cloud of the old database as the two objects it becomes, but for their names. */
export interface LegacyCloud {
  /** A valid object name made of the old one; somebody else may have it. */
  readonly wish: string;
  readonly oldName: string;
  readonly description?: string;
  readonly isEnabled: boolean;
  /** clouds.yaml for an object of that name. Holds secrets. Throws CloudConfigError. */
  cloudsYaml(name: string): string;
}

/** Why a row cannot become a Cluster, worded without its secrets. */
export type Unfit = { readonly problem: string };

const longestName = 50;

export function cloudOf(row: LegacyRow): LegacyCloud | Unfit {
  const credentials = jsonOf(row['credentials']);
  if (credentials.is === 'absent') return { problem: 'there are no credentials' };
  if (credentials.is === 'tooLong') return { problem: 'the credentials are too long or too deep to be any' };
  if (credentials.is === 'broken') return { problem: 'the credentials are not JSON: encrypted, or cut off' };
  const oldName = lineOf(row['name'], 200) ?? '';
  const authUrl = textOf(row['auth_url'])?.trim();
  const description = lineOf(row['description'], 1000);
  const cloudsYaml = (name: string) => credentialsYaml(name, authUrl === '' ? undefined : authUrl, credentials.value);
  try {
    cloudsYaml('cloud');
  } catch (error) {
    if (!(error instanceof CloudConfigError)) throw error;
    return { problem: `${error.field} ${error.message.slice(error.message.indexOf(error.field) + error.field.length + 1)}` };
  }
  return {
    wish: objectName(oldName) ?? `cluster-${row.id}`,
    oldName,
    ...(description !== undefined && { description }),
    // What does not say that it was in use is not contacted.
    isEnabled: flagOf(row['is_active']) === true,
    cloudsYaml,
  };
}

/** Small letters, digits and hyphens; undefined when nothing is left. */
function objectName(name: string): string | undefined {
  const letters = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longestName)
    .replace(/^-+|-+$/g, '');
  return letters === '' ? undefined : letters;
}
