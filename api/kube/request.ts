import { forbiddenField, unsupported } from './causes.ts';
import { badRequest, invalidOptions, notAcceptable } from './status.ts';
import type { Include } from './table.ts';

/** What a URL path under /api or /apis asks for. */
export interface ResourcePath {
  /** `v1` or `group/version`. */
  readonly apiVersion: string;
  readonly plural: string;
  /** '' for all namespaces and for cluster-scoped kinds. */
  readonly namespace: string;
  /** '' for a collection. */
  readonly name: string;
  readonly subresource: string;
}

/** Splits the path; undefined when it is not that of a resource. */
export function parsePath(path: string): ResourcePath | undefined {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const versionParts = parts[0] === 'api' ? 1 : parts[0] === 'apis' ? 2 : 0;
  if (versionParts === 0 || parts.length < versionParts + 2) return undefined;
  const apiVersion = parts.slice(1, 1 + versionParts).join('/');
  const rest = parts.slice(1 + versionParts);
  const isInNamespace = rest[0] === 'namespaces' && rest.length > 2 && !namespaceSubresources.has(rest[2] ?? '');
  const [plural = '', name = '', subresource = '', ...more] = isInNamespace ? rest.slice(2) : rest;
  if (more.length > 0) return undefined;
  return { apiVersion, plural, namespace: isInNamespace ? (rest[1] ?? '') : '', name, subresource };
}

const namespaceSubresources = new Set(['status', 'finalize']);

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest(`the path part ${part} is not well-formed`);
  }
}

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

/** Options of a write. */
export interface WriteOptions {
  readonly isDryRun: boolean;
  readonly fieldValidation: FieldValidation;
}

type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions';

/** Reads `dryRun` and `fieldValidation`; throws a Status. */
export function writeOptions(query: URLSearchParams, kind: OptionsKind): WriteOptions {
  const fieldValidation = query.get('fieldValidation') || 'Warn';
  if (fieldValidation !== 'Strict' && fieldValidation !== 'Warn' && fieldValidation !== 'Ignore') {
    throw invalidOptions(kind, unsupported('fieldValidation', fieldValidation, ['', 'Ignore', 'Strict', 'Warn']));
  }
  return { isDryRun: dryRun(query.getAll('dryRun'), kind), fieldValidation };
}

/** Whether `dryRun` values ask for a dry run; throws a Status on anything but `All`. */
export function dryRun(values: readonly string[], kind: OptionsKind): boolean {
  if (values.some((value) => value !== 'All')) throw invalidOptions(kind, unsupported('dryRun', values, ['All']));
  return values.length > 0;
}

/** Options of a list or watch. */
export interface ListOptions {
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly limit: number | undefined;
  readonly continue: string;
  readonly resourceVersion: number | undefined;
  readonly match: '' | 'Exact' | 'NotOlderThan';
  readonly isWatch: boolean;
  readonly allowBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
  readonly timeoutSeconds: number | undefined;
}

export function listOptions(query: URLSearchParams): ListOptions {
  const isWatch = flag(query, 'watch') ?? false;
  const initial = flag(query, 'sendInitialEvents');
  const match = query.get('resourceVersionMatch') ?? '';
  const version = query.get('resourceVersion') ?? '';
  const forbid = (field: string, detail: string): Error => invalidOptions('ListOptions', forbiddenField(field, detail));
  if (match !== '' && match !== 'Exact' && match !== 'NotOlderThan') {
    throw invalidOptions('ListOptions', unsupported('resourceVersionMatch', match, ['Exact', 'NotOlderThan', '']));
  }
  if (isWatch && initial === undefined && match)
    throw forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  if (isWatch && initial !== undefined && match !== 'NotOlderThan')
    throw forbid('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  if (!isWatch && initial !== undefined) throw forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  if (!isWatch && match && version === '')
    throw forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided');
  if (!isWatch && match && query.get('continue'))
    throw forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided');
  if (match === 'Exact' && version === '0')
    throw forbid('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  const limit = integer(query, 'limit');
  return {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    limit: limit === undefined || limit <= 0 ? undefined : limit,
    continue: query.get('continue') ?? '',
    resourceVersion: version === '' ? undefined : parseVersion(version),
    match,
    isWatch,
    allowBookmarks: flag(query, 'allowWatchBookmarks') ?? false,
    sendInitialEvents: initial,
    timeoutSeconds: integer(query, 'timeoutSeconds'),
  };
}

/** A resourceVersion as this server gives them; throws a Status on anything else. */
export function parseVersion(version: string): number {
  if (/^\d{1,15}$/.test(version)) return Number(version);
  throw badRequest(
    `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`,
  );
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (!/^-?\d{1,15}$/.test(value)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  return Number(value);
}

function flag(query: URLSearchParams, name: string): boolean | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  return value !== 'false' && value !== '0';
}

/** In what form the client wants its answer. */
export interface Form {
  readonly syntax: 'json' | 'yaml';
  readonly as: 'object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
}

/** Reads Accept; who asks for protobuf alone is answered in JSON. Throws a Status when nothing fits. */
export function acceptedForm(accept: string | undefined): Form {
  const clauses = (accept || '*/*').split(',').map((clause) => clause.split(';').map((part) => part.trim()));
  for (const [type, ...parameters] of clauses) {
    const as = parameters.find((each) => each.startsWith('as='))?.slice(3);
    if (as !== undefined && as !== 'Table' && as !== 'PartialObjectMetadata' && as !== 'PartialObjectMetadataList') continue;
    const isMeta = parameters.includes('g=meta.k8s.io') && parameters.includes('v=v1');
    if (as !== undefined && !isMeta) continue;
    const syntax = type === 'application/yaml' ? 'yaml' : jsonTypes.has(type ?? '') ? 'json' : undefined;
    if (syntax) return { syntax, as: as ?? 'object' };
  }
  throw notAcceptable();
}

const jsonTypes = new Set(['application/json', 'application/*', '*/*', 'application/vnd.kubernetes.protobuf']);

/** Reads `includeObject` of a table; throws a Status. */
export function includeObject(query: URLSearchParams): Include {
  const include = query.get('includeObject') || 'Metadata';
  if (include === 'None' || include === 'Metadata' || include === 'Object') return include;
  throw badRequest(`unrecognized includeObject value: ${JSON.stringify(include)}`);
}
