import { pbkdf2Sync, scryptSync } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { openLegacyDatabase } from './open-database.ts';

/** Rows of an old database as a Flask application left them. */
export interface LegacyRows {
  readonly user: readonly Row[];
  readonly openstack_cluster: readonly Row[];
  readonly operation_log: readonly Row[];
}

export type Row = Readonly<Record<string, string | number | null | Uint8Array>>;

/** The tables, for SQLite and for MySQL. */
export const legacyTables = [
  'create table `user` (id integer primary key, username varchar(80), email varchar(120), password_hash varchar(256), role varchar(20), is_active boolean, created_at datetime, last_login datetime)',
  'create table openstack_cluster (id integer primary key, name varchar(100), description text, auth_url varchar(255), credentials text, is_active boolean, created_at datetime)',
  'create table operation_log (id integer primary key, user_id integer, cluster_id integer, operation_type varchar(50), resource_type varchar(50), resource_id varchar(100), details text, result varchar(20), created_at datetime)',
] as const;

export const oldPassword = 'an old password';

const salt = 'Shb89M0GyQO5qgEQ';
const pbkdf2 = `pbkdf2:sha256:1000$${salt}$${pbkdf2Sync(oldPassword, salt, 1000, 32, 'sha256').toString('hex')}`;
const scrypt = `scrypt:1024:8:1$${salt}$${scryptSync(oldPassword, salt, 64, { N: 1024, r: 8, p: 1 }).toString('hex')}`;

export const secretOfClouds = 'hunter2-of-a-cloud';

const credentials = [
  {
    username: 'svc',
    password: secretOfClouds,
    project_name: 'prod',
    user_domain_name: 'Default',
    project_domain_name: 'Default',
    region: 'RegionOne',
  },
  { application_credential_id: 'a1', application_credential_secret: secretOfClouds, region_name: 'RegionTwo' },
  { auth: { username: 'svc', password: secretOfClouds, tenant_name: 'demo' }, verify: false },
  { OS_USERNAME: 'svc', OS_PASSWORD: secretOfClouds, OS_PROJECT_ID: 'p1', OS_USER_DOMAIN_ID: 'default' },
  { clouds: { any: { auth: { username: 'svc', password: secretOfClouds, project_name: 'x' }, region_name: 'R' } } },
] as const;

/** `logRows` rows of the log and a handful of people and clouds; the same each time. */
export function legacyRows(logRows: number, { users = 10, clusters = 5 } = {}): LegacyRows {
  const roles = ['super_admin', 'admin', 'operator', 'viewer'];
  const time = (minutes: number) => new Date(Date.UTC(2021, 0, 1) + minutes * 60_000).toISOString().replace('T', ' ').replace('Z', '123');
  return {
    user: Array.from({ length: users }, (_, index) => ({
      id: index + 1,
      username: `Person${index + 1}`,
      email: `person${index + 1}@example.com`,
      password_hash: index % 2 === 0 ? pbkdf2 : scrypt,
      role: roles[index % 4] ?? '',
      is_active: index % 5 === 4 ? 0 : 1,
      created_at: time(index),
      last_login: index % 3 === 0 ? null : time(index + 1000),
    })),
    openstack_cluster: Array.from({ length: clusters }, (_, index) => ({
      id: index + 1,
      name: `Cloud ${index + 1}`,
      description: index % 2 === 0 ? 'A cloud' : null,
      auth_url: `https://keystone-${index + 1}.example.com:5000/v3`,
      credentials: JSON.stringify(credentials[index % credentials.length]),
      is_active: index === 3 ? 0 : 1,
      created_at: time(index),
    })),
    operation_log: Array.from({ length: logRows }, (_, index) => ({
      id: index + 1,
      user_id: (index % users) + 1,
      cluster_id: (index % clusters) + 1,
      operation_type: ['start', 'stop_instance', 'create', 'delete'][index % 4] ?? '',
      resource_type: ['instance', 'volume', 'security_group'][index % 3] ?? '',
      resource_id: `res-${index % 1000}`,
      details: JSON.stringify({ name: `web-${index % 1000}`, flavor: 'm1.small', request_id: `req-${index}` }),
      result: index % 7 === 0 ? 'failed' : 'success',
      created_at: time(index),
    })),
  };
}

/** A SQLite file with these rows, as `importSuite` takes it. */
export function legacySqlite(file: string, rows: LegacyRows) {
  writeLegacySqlite(file, rows);
  return {
    open: () => openLegacyDatabase(file),
    async add(table: string, row: Row) {
      writeLegacySqlite(file, { user: [], openstack_cluster: [], operation_log: [], [table]: [row] }, []);
    },
  };
}

/** Writes them to a SQLite file; with no `tables`, one that has them. */
export function writeLegacySqlite(file: string, rows: LegacyRows, tables: readonly string[] = legacyTables): void {
  const db = new DatabaseSync(file);
  try {
    for (const table of tables) db.exec(table);
    db.exec('begin');
    for (const [table, list] of Object.entries(rows) as [string, readonly Row[]][]) {
      for (const row of list) {
        const columns = Object.keys(row);
        db.prepare(`insert into "${table}" (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`).run(
          ...Object.values(row),
        );
      }
    }
    db.exec('commit');
  } finally {
    db.close();
  }
}
