import { invalidValue } from './causes.ts';
import { asObject, type Decoded, decodeJson, decodeYaml } from './decode.ts';
import type { ApiObject, Schema } from './definition.ts';
import { checkMetadata, decodeFault, readMetadata } from './metadata-check.ts';
import { decodeProtobuf } from './protobuf.ts';
import type { FieldValidation } from './request.ts';
import type { Resource } from './resource.ts';
import { conform, isRecord } from './schema.ts';
import { badRequest, type Cause, invalid, unsupportedMediaType } from './status.ts';

/** An object as a client sent it, brought into shape, and what the client is to be warned of. */
export interface Incoming {
  readonly object: ApiObject;
  readonly warnings: readonly string[];
}

const bodyTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** Decodes the body of a create or update; throws a Status. */
export function decodeBody(body: Buffer, contentType: string | undefined, expectedKind: string): Decoded {
  const type = (contentType ?? 'application/json').split(';')[0]?.trim();
  if (type === 'application/yaml') return decodeYaml(body.toString('utf8'));
  if (type === 'application/vnd.kubernetes.protobuf') return { value: decodeProtobuf(body), duplicates: [] };
  if (type !== 'application/json') throw unsupportedMediaType(bodyTypes);
  try {
    return decodeJson(body.toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The parser's message quotes the text, which may be a secret.
    const what = body.length === 0 ? 'unexpected end of JSON input (<empty>)' : 'invalid JSON';
    throw badRequest(
      `the object provided is unrecognized (must be of type ${expectedKind}): couldn't get version/kind; json parse error: ${what}`,
    );
  }
}

/**
 * Turns a decoded body into an object of the kind: unknown fields are dropped (Warn), or refused (Strict), `null`s dropped, defaults filled in,
 * types of metadata checked. Throws a Status.
 */
export function readObject(resource: Resource, decoded: Decoded, validation: FieldValidation): Incoming {
  const sent = asObject(decoded.value, resource.kind);
  const { kind, version } = resource;
  const of = `${kind} in version "${version}" cannot be handled as a ${kind}`;
  checkType(resource, sent);
  const unknown: string[] = [];
  const metadata = readMetadata(sent.metadata, of, unknown);
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...rest } = sent;
  const object: ApiObject = { apiVersion: resource.apiVersion, kind, metadata, ...rest };
  if (resource.isBuiltIn) for (const [key, value] of Object.entries(object)) if (value === null) delete object[key];
  unknown.push(...conform(object, resource.schema));
  const faults = [
    ...decoded.duplicates.map((field) => `duplicate field ${JSON.stringify(field)}`),
    ...unknown.map((field) => `unknown field ${JSON.stringify(field)}`),
  ];
  if (validation === 'Strict' && faults.length > 0) throw badRequest(`${of}: strict decoding error: ${faults.join(', ')}`);
  return { object, warnings: validation === 'Warn' ? faults : [] };
}

function checkType(resource: Resource, sent: Record<string, unknown>): void {
  const { apiVersion, kind } = sent;
  if (apiVersion !== resource.apiVersion) {
    throw badRequest(
      `the API version in the data (${String(apiVersion)}) does not match the expected API version (${resource.apiVersion})`,
    );
  }
  if (kind === resource.kind) return;
  const name = isRecord(sent.metadata) && typeof sent.metadata.name === 'string' ? sent.metadata.name : '';
  const of = { group: resource.group, resource: String(kind) };
  throw invalid(of, name, [invalidValue('kind', kind, `must be ${resource.kind}`)]);
}

/** Refuses an object that breaks the schema or the kind's own rules. Throws a Status. */
export function checkObject(resource: Resource, object: ApiObject, before?: ApiObject, more: readonly Cause[] = []): void {
  const schema = resource.checkSchema(content(object));
  const wrong = schema.find((cause) => cause.reason === 'FieldValueTypeInvalid');
  if (resource.isBuiltIn && wrong) {
    const [, found = '', expected = ''] = /^Invalid value: "(\w+)".* of type (\w+)/.exec(wrong.message) ?? [];
    const field = declaredField(resource.schema, wrong.field);
    const of = `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}`;
    throw decodeFault(of, samples[found] ?? found, `${resource.kind}.${field}`, expected);
  }
  const causes = [
    ...checkMetadata(object.metadata, resource.hasLabelName ?? false),
    ...more,
    ...schema,
    ...(resource.check?.(object, before) ?? []),
  ];
  if (causes.length > 0) throw invalid(resource.byKind, object.metadata.name, causes);
}

/** The path as far as fields are declared: keys of maps and indexes are no Go fields. */
function declaredField(schema: Schema, path: string): string {
  const names: string[] = [];
  let at: Schema | undefined = schema;
  for (const name of path.replace(/\[\d+\]/g, '').split('.')) {
    const next: Schema | undefined = at?.properties?.[name];
    if (!next) break;
    names.push(name);
    at = next.items ?? next;
  }
  return names.join('.');
}

/** A value of each type, to name it as the decoder does. */
const samples: Readonly<Record<string, unknown>> = { integer: 1, number: 1.5, string: '', boolean: true, array: [], object: {} };

function content(object: ApiObject): object {
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...rest } = object;
  return rest;
}
