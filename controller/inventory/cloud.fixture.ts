import type { Cloud, RequestOptions, ServiceClient, ServiceName, ServiceResponse, TokenInfo } from '#controller/openstack/cloud.ts';
import { OpenStackError } from '#controller/openstack/errors.ts';
import type { ResourceType } from './inventory.ts';
import { type Clock, pause } from './moment.ts';

export type FakeRow = Record<string, unknown> & { id: string };

/** A cloud in memory that answers reads only; for tests of this room. */
export interface FakeCloud {
  readonly client: Cloud;
  readonly projectId: string;
  /** Every request answered or refused, as `GET /ports`. */
  readonly calls: string[];
  rows(type: ResourceType): FakeRow[];
  /** Adds a row, with defaults for what the fields leave out. */
  put(type: ResourceType, fields: FakeRow): FakeRow;
  /** Changes a row as somebody would: time and revision move, unless `isSilent` (metadata in Nova and Cinder). */
  change(type: ResourceType, id: string, fields: Record<string, unknown>, options?: { isSilent?: boolean }): FakeRow;
  remove(type: ResourceType, id: string): void;
  /** Ms until a request is looked at, and from there until its answer arrives. */
  delay: (request: string) => readonly [number, number];
  /** Status to refuse a request with; undefined lets it pass. */
  refuse: (request: string, query: Record<string, unknown>) => number | undefined;
  /** Alters the rows of an answer. */
  distort: (request: string, rows: FakeRow[]) => FakeRow[];
  pageSize: number;
}

const SERVICES: Record<ResourceType, ServiceName> = {
  network: 'network',
  subnet: 'network',
  port: 'network',
  router: 'network',
  floatingip: 'network',
  security_group: 'network',
  keypair: 'compute',
  volume: 'block-storage',
  volume_snapshot: 'block-storage',
  volume_type: 'block-storage',
  flavor: 'compute',
  image: 'image',
  server_group: 'compute',
  server: 'compute',
};
const PATHS: Record<string, { type: ResourceType; many: string; one: string }> = {
  '/networks': { type: 'network', many: 'networks', one: 'network' },
  '/subnets': { type: 'subnet', many: 'subnets', one: 'subnet' },
  '/ports': { type: 'port', many: 'ports', one: 'port' },
  '/routers': { type: 'router', many: 'routers', one: 'router' },
  '/floatingips': { type: 'floatingip', many: 'floatingips', one: 'floatingip' },
  '/security-groups': { type: 'security_group', many: 'security_groups', one: 'security_group' },
  '/os-keypairs': { type: 'keypair', many: 'keypairs', one: 'keypair' },
  '/volumes': { type: 'volume', many: 'volumes', one: 'volume' },
  '/snapshots': { type: 'volume_snapshot', many: 'snapshots', one: 'snapshot' },
  '/types': { type: 'volume_type', many: 'volume_types', one: 'volume_type' },
  '/flavors': { type: 'flavor', many: 'flavors', one: 'flavor' },
  '/images': { type: 'image', many: 'images', one: '' },
  '/os-server-groups': { type: 'server_group', many: 'server_groups', one: 'server_group' },
  '/servers': { type: 'server', many: 'servers', one: 'server' },
};

export function createFakeCloud(clock: Clock): FakeCloud {
  const projectId = 'project-own';
  const tables = new Map<ResourceType, Map<string, FakeRow>>();
  const deletedServers: FakeRow[] = [];
  const table = (type: ResourceType) => {
    const known = tables.get(type) ?? new Map<string, FakeRow>();
    tables.set(type, known);
    return known;
  };
  const stamp = () => new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');

  const matches = (row: FakeRow, query: Record<string, unknown>) => {
    const since = (query['changed_since'] ?? query['changes-since'] ?? query['updated_at'] ?? '') as string;
    const time = (row['updated_at'] ?? row['updated'] ?? '') as string;
    if (since !== '' && Date.parse(zoned(time)) < Date.parse(zoned(since.replace('gte:', '')))) return false;
    if (row['os_hidden'] === true ? query['os_hidden'] !== true : query['os_hidden'] === true) return false;
    return ['project_id', 'device_id', 'network_id'].every((field) => query[field] === undefined || row[field] === query[field]);
  };
  const list = (request: string, of: (typeof PATHS)[string], query: Record<string, unknown>) => {
    const all = [...table(of.type).values(), ...(of.type === 'server' && query['changes-since'] !== undefined ? deletedServers : [])];
    const found = cloud.distort(
      request,
      all.filter((row) => matches(row, query)),
    );
    const marker = query['marker'];
    const from = marker === undefined ? 0 : found.findIndex((row) => row.id === marker) + 1;
    if (marker !== undefined && from === 0) throw refusal(request, of.type, 400, 'marker not found');
    const page = found.slice(from, from + cloud.pageSize);
    const last = page.at(-1);
    const isMore = last !== undefined && from + page.length < found.length;
    const next = isMore ? [{ rel: 'next', href: `http://fake/?marker=${last.id}` }] : [];
    const rows = structuredClone(page);
    return { [of.many]: of.type === 'keypair' ? rows.map((keypair) => ({ keypair })) : rows, [`${of.many}_links`]: next };
  };
  const answer = (request: string, { path, query = {} }: RequestOptions) => {
    const [, base = '', id] = /^(\/[^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
    const of = PATHS[base];
    if (of === undefined) throw new Error(`the fake cloud does not know ${path}`);
    const status = cloud.refuse(request, query);
    if (status !== undefined) throw refusal(request, of.type, status, `refused by the test: ${Object.keys(query).join(' ')}`);
    if (id === undefined || id === 'detail') return list(request, of, query);
    const row = cloud.distort(request, [...table(of.type).values()]).find((one) => one.id === id);
    if (row === undefined) throw refusal(request, of.type, 404, `${id} could not be found`);
    return of.one === '' ? structuredClone(row) : { [of.one]: structuredClone(row) };
  };
  const service = (name: ServiceName): ServiceClient => ({
    service: name,
    cloud: 'fake',
    microversions: () => Promise.resolve(undefined),
    async request<T>(options: RequestOptions): Promise<ServiceResponse<T>> {
      const request = `${options.method} ${options.path}`;
      cloud.calls.push(request);
      const [there, back] = cloud.delay(request);
      if (there > 0) await pause(clock, there);
      try {
        return { status: 200, body: answer(request, options) as T, headers: {} };
      } finally {
        if (back > 0) await pause(clock, back);
      }
    },
  });
  const token = { userId: 'u', projectId, projectName: 'own', roles: ['member'], expiresAt: new Date(0), catalog: [] } satisfies TokenInfo;
  const client = {
    name: 'fake',
    compute: service('compute'),
    blockStorage: service('block-storage'),
    network: service('network'),
    image: service('image'),
    identity: service('identity'),
    authenticate: () => Promise.resolve(token),
    close: () => Promise.resolve(),
  } as unknown as Cloud;

  const cloud: FakeCloud = {
    client,
    projectId,
    calls: [],
    pageSize: 1000,
    delay: () => [0, 0],
    refuse: () => undefined,
    distort: (_request, rows) => rows,
    rows: (type) => [...table(type).values()].map((row) => structuredClone(row)),
    put(type, fields) {
      const row: FakeRow = { ...defaultsOf(type, projectId, stamp()), ...fields };
      table(type).set(row.id, row);
      return structuredClone(row);
    },
    change(type, id, fields, { isSilent = false } = {}) {
      const row = table(type).get(id);
      if (row === undefined) throw new Error(`no ${type} ${id}`);
      const moved = 'revision_number' in row ? { revision_number: Number(row['revision_number']) + 1 } : {};
      const time = type === 'server' ? { updated: stamp() } : { updated_at: stamp() };
      const next = { ...row, ...fields, ...(!isSilent && { ...moved, ...time }) };
      table(type).set(id, next);
      return structuredClone(next);
    },
    remove(type, id) {
      const row = table(type).get(id);
      table(type).delete(id);
      if (type === 'server' && row !== undefined) deletedServers.push({ ...row, status: 'DELETED', updated: stamp() });
    },
  };
  return cloud;
}

function defaultsOf(type: ResourceType, projectId: string, now: string): Record<string, unknown> {
  const neutron = { name: '', description: '', project_id: projectId, created_at: now, updated_at: now, revision_number: 1 };
  const defaults: Partial<Record<ResourceType, Record<string, unknown>>> = {
    network: { ...neutron, subnets: [], shared: false, admin_state_up: true, status: 'ACTIVE' },
    subnet: { ...neutron, network_id: '', cidr: '10.0.0.0/24', ip_version: 4, dns_nameservers: [] },
    port: { ...neutron, network_id: '', device_id: '', device_owner: '', status: 'DOWN', fixed_ips: [], security_groups: [] },
    router: { ...neutron, status: 'ACTIVE', admin_state_up: true, external_gateway_info: null, routes: [] },
    floatingip: { ...neutron, floating_ip_address: '', port_id: null, fixed_ip_address: null, router_id: null, status: 'DOWN' },
    security_group: { ...neutron, security_group_rules: [] },
    volume: { name: '', size: 1, status: 'available', metadata: {}, attachments: [], created_at: now, updated_at: now },
    server: {
      name: '',
      status: 'ACTIVE',
      tenant_id: projectId,
      created: now,
      updated: now,
      metadata: {},
      addresses: {},
      flavor: { original_name: 'm1.small' },
      'os-extended-volumes:volumes_attached': [],
    },
  };
  return defaults[type] ?? { name: '' };
}

function refusal(request: string, type: ResourceType, status: number, detail: string): OpenStackError {
  const [method = '', path = ''] = request.split(' ');
  return new OpenStackError({ cloud: 'fake', service: SERVICES[type], method, path, kind: 'http', status, detail, mayHaveActed: false });
}

function zoned(time: string): string {
  return time.endsWith('Z') || time === '' ? time : `${time}Z`;
}
