import type { CloudConfig } from './clouds-yaml.ts';

/** The services Stackwarden talks to, by the names their errors and metrics carry. */
export type ServiceName = 'identity' | 'compute' | 'block-storage' | 'network' | 'image';

/** One cloud connection: one token, one pool, one rate budget, one circuit breaker. */
export interface Cloud {
  readonly name: string;
  readonly config: CloudConfig;
  readonly compute: ServiceClient;
  readonly blockStorage: ServiceClient;
  readonly network: ServiceClient;
  readonly image: ServiceClient;
  readonly identity: ServiceClient;
  /** Who we are there; authenticates if there is no valid token. Single-flight. */
  authenticate(): Promise<TokenInfo>;
  /**
   * The same cloud (same token, pool, budget) with a global request id of its own: sent as `X-Openstack-Request-Id: req-<id>`
   * on every call, and the ids OpenStack answers writes with are collected.
   */
  traced(id: string): TracedCloud;
  close(): Promise<void>;
}

export interface TracedCloud extends Cloud {
  /** Request ids OpenStack gave to the writes (POST, PUT, PATCH, DELETE) sent through this one, oldest first. */
  requestIds(): readonly string[];
}

export interface TokenInfo {
  readonly userId: string;
  readonly projectId: string;
  readonly projectName: string;
  readonly roles: readonly string[];
  readonly expiresAt: Date;
  readonly catalog: readonly CatalogEntry[];
}

export interface CatalogEntry {
  readonly type: string;
  readonly name: string;
  readonly endpoints: readonly { readonly interface: string; readonly region: string; readonly url: string }[];
}

export interface ServiceClient {
  readonly service: ServiceName;
  readonly cloud: string;
  /** Sends one request; throws OpenStackError for any status outside 2xx and for every failure on the way. */
  request<T = unknown>(options: RequestOptions): Promise<ServiceResponse<T>>;
  /** The microversion range the service offers; undefined for a service without microversions. Cached. */
  microversions(): Promise<{ min: string; max: string } | undefined>;
}

export interface RequestOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** Below the endpoint of the catalog, with a leading slash: `/servers/detail`. Parts that come from data MUST be encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly body?: unknown;
  /** Data sent as it comes, instead of `body`; called once per attempt and MUST begin anew each time. */
  readonly data?: () => AsyncIterable<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The newest microversion this call understands; the service's maximum if that is lower. */
  readonly microversion?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface ServiceResponse<T> {
  readonly status: number;
  readonly body: T;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId?: string;
}
