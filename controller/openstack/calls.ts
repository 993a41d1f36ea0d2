import type { RequestOptions, ServiceClient, ServiceResponse } from './cloud.ts';
import { OpenStackError } from './errors.ts';

/** Sends a call whose answer holds nothing of interest. */
export async function requestNothing(client: ServiceClient, options: RequestOptions): Promise<void> {
  await client.request(options);
}

/** Sends a call and takes `key` out of its answer: an object, or a list of objects; anything else is an `invalid-response`. */
export async function requestOne<T>(
  client: ServiceClient,
  options: RequestOptions,
  key: string,
  shape: 'object' | 'list' = 'object',
): Promise<T> {
  const response = await client.request<Record<string, unknown> | undefined>(options);
  const value = isObject(response.body) ? response.body[key] : undefined;
  if (shape === 'list' ? isListOfObjects(value) : isObject(value)) return value as T;
  throw invalidShape(client, options, response, `no ${shape} "${key}"`);
}

/** Sends a call whose answer is the object itself (Glance). */
export async function requestBody<T>(client: ServiceClient, options: RequestOptions): Promise<T> {
  const response = await client.request(options);
  if (isObject(response.body)) return response.body as T;
  throw invalidShape(client, options, response, 'no object');
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isListOfObjects(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.every(isObject);
}

/** An answer that is JSON, but not what the API promises. */
export function invalidShape(
  client: ServiceClient,
  { method, path }: Pick<RequestOptions, 'method' | 'path'>,
  response: Pick<ServiceResponse<unknown>, 'status' | 'requestId'>,
  what: string,
): OpenStackError {
  return new OpenStackError({
    cloud: client.cloud,
    service: client.service,
    method,
    path,
    kind: 'invalid-response',
    status: response.status,
    detail: `the answer has ${what}; the ${client.service} endpoint does not lead to that service, or the service is broken`,
    mayHaveActed: method !== 'GET',
    ...(response.requestId ? { requestId: response.requestId } : {}),
  });
}
