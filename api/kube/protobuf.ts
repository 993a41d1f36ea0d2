import { scalar } from './schema.ts';
import { badRequest } from './status.ts';

/**
 * Decodes the protobuf bodies of Kubernetes' typed clients (kubectl sends them for built-in kinds) into the JSON form. Answers are always
 * JSON, which the same clients accept. Field numbers: generated.proto of k8s.io/api and k8s.io/apimachinery.
 */
export function decodeProtobuf(body: Buffer): unknown {
  if (!body.subarray(0, 4).equals(magic)) throw malformed('the magic number is missing');
  const envelope = message(body.subarray(4), {
    1: ['typeMeta', { 1: ['apiVersion', 'string'], 2: ['kind', 'string'] }],
    2: ['raw', 'bytes'],
  });
  const { apiVersion, kind } = envelope.typeMeta as { apiVersion?: string; kind?: string };
  const shape = kinds[`${apiVersion}/${kind}`];
  if (!shape) throw badRequest(`no protobuf form of ${kind} in ${apiVersion} is known here: send JSON`);
  return { apiVersion, kind, ...message(Buffer.from(scalar(envelope.raw), 'base64'), shape) };
}

type Type =
  | 'nonZero'
  | 'string'
  | 'strings'
  | 'int'
  | 'bool'
  | 'bytes'
  | 'time'
  | 'microTime'
  | 'textMap'
  | 'bytesMap'
  | Shape
  | { readonly list: Shape };
interface Shape {
  readonly [number: number]: readonly [name: string, type: Type];
}

const magic = Buffer.from('k8s\0');

const metadata: Shape = {
  1: ['name', 'string'],
  2: ['generateName', 'string'],
  3: ['namespace', 'string'],
  5: ['uid', 'string'],
  6: ['resourceVersion', 'string'],
  7: ['generation', 'nonZero'],
  8: ['creationTimestamp', 'time'],
  9: ['deletionTimestamp', 'time'],
  10: ['deletionGracePeriodSeconds', 'int'],
  11: ['labels', 'textMap'],
  12: ['annotations', 'textMap'],
  13: [
    'ownerReferences',
    {
      list: {
        1: ['kind', 'string'],
        3: ['name', 'string'],
        4: ['uid', 'string'],
        5: ['apiVersion', 'string'],
        6: ['controller', 'bool'],
        7: ['blockOwnerDeletion', 'bool'],
      },
    },
  ],
  14: ['finalizers', 'strings'],
};
const condition: Shape = {
  1: ['type', 'string'],
  2: ['status', 'string'],
  4: ['lastTransitionTime', 'time'],
  5: ['reason', 'string'],
  6: ['message', 'string'],
};
const reference: Shape = {
  1: ['kind', 'string'],
  2: ['namespace', 'string'],
  3: ['name', 'string'],
  4: ['uid', 'string'],
  5: ['apiVersion', 'string'],
  6: ['resourceVersion', 'string'],
  7: ['fieldPath', 'string'],
};
const source: Shape = { 1: ['component', 'string'], 2: ['host', 'string'] };
const series: Shape = { 1: ['count', 'int'], 2: ['lastObservedTime', 'microTime'] };

const kinds: Readonly<Record<string, Shape>> = {
  'v1/ConfigMap': { 1: ['metadata', metadata], 2: ['data', 'textMap'], 3: ['binaryData', 'bytesMap'], 4: ['immutable', 'bool'] },
  'v1/Secret': {
    1: ['metadata', metadata],
    2: ['data', 'bytesMap'],
    3: ['type', 'string'],
    4: ['stringData', 'textMap'],
    5: ['immutable', 'bool'],
  },
  'v1/Namespace': {
    1: ['metadata', metadata],
    2: ['spec', { 1: ['finalizers', 'strings'] }],
    3: ['status', { 1: ['phase', 'string'], 2: ['conditions', { list: condition }] }],
  },
  'v1/Event': {
    1: ['metadata', metadata],
    2: ['involvedObject', reference],
    3: ['reason', 'string'],
    4: ['message', 'string'],
    5: ['source', source],
    6: ['firstTimestamp', 'time'],
    7: ['lastTimestamp', 'time'],
    8: ['count', 'int'],
    9: ['type', 'string'],
    10: ['eventTime', 'microTime'],
    11: ['series', series],
    12: ['action', 'string'],
    13: ['related', reference],
    14: ['reportingComponent', 'string'],
    15: ['reportingInstance', 'string'],
  },
  'events.k8s.io/v1/Event': {
    1: ['metadata', metadata],
    2: ['eventTime', 'microTime'],
    3: ['series', series],
    4: ['reportingController', 'string'],
    5: ['reportingInstance', 'string'],
    6: ['action', 'string'],
    7: ['reason', 'string'],
    8: ['regarding', reference],
    9: ['related', reference],
    10: ['note', 'string'],
    11: ['type', 'string'],
    12: ['deprecatedSource', source],
    13: ['deprecatedFirstTimestamp', 'time'],
    14: ['deprecatedLastTimestamp', 'time'],
    15: ['deprecatedCount', 'int'],
  },
  'coordination.k8s.io/v1/Lease': {
    1: ['metadata', metadata],
    2: [
      'spec',
      {
        1: ['holderIdentity', 'string'],
        2: ['leaseDurationSeconds', 'int'],
        3: ['acquireTime', 'microTime'],
        4: ['renewTime', 'microTime'],
        5: ['leaseTransitions', 'int'],
        6: ['strategy', 'string'],
        7: ['preferredHolder', 'string'],
      },
    ],
  },
  'authentication.k8s.io/v1/SelfSubjectReview': { 1: ['metadata', metadata] },
  'authorization.k8s.io/v1/SelfSubjectAccessReview': {
    1: ['metadata', metadata],
    2: [
      'spec',
      {
        1: [
          'resourceAttributes',
          {
            1: ['namespace', 'string'],
            2: ['verb', 'string'],
            3: ['group', 'string'],
            4: ['version', 'string'],
            5: ['resource', 'string'],
            6: ['subresource', 'string'],
            7: ['name', 'string'],
          },
        ],
        2: ['nonResourceAttributes', { 1: ['path', 'string'], 2: ['verb', 'string'] }],
      },
    ],
  },
  'authorization.k8s.io/v1/SelfSubjectRulesReview': { 1: ['metadata', metadata], 2: ['spec', { 1: ['namespace', 'string'] }] },
  'v1/DeleteOptions': {
    1: ['gracePeriodSeconds', 'int'],
    2: ['preconditions', { 1: ['uid', 'string'], 2: ['resourceVersion', 'string'] }],
    3: ['orphanDependents', 'bool'],
    4: ['propagationPolicy', 'string'],
    5: ['dryRun', 'strings'],
  },
};

function message(bytes: Buffer, shape: Shape): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const { number, value } of fieldsOf(bytes)) {
    const field = shape[number];
    if (field) take(result, field[0], field[1], value);
  }
  return result;
}

function take(result: Record<string, unknown>, name: string, type: Type, value: Buffer | bigint): void {
  if (typeof type === 'object') {
    const item = message(bytesOf(value), 'list' in type ? type.list : type);
    result[name] = 'list' in type ? [...((result[name] as unknown[] | undefined) ?? []), item] : item;
    return;
  }
  switch (type) {
    case 'string':
      // Kubernetes' encoder writes empty strings, its JSON leaves them out.
      if (bytesOf(value).length > 0) result[name] = bytesOf(value).toString('utf8');
      return;
    case 'strings':
      result[name] = [...((result[name] as string[] | undefined) ?? []), bytesOf(value).toString('utf8')];
      return;
    case 'int':
      result[name] = Number(BigInt.asIntN(64, numberOf(value)));
      return;
    case 'nonZero':
      if (numberOf(value) !== 0n) result[name] = Number(numberOf(value));
      return;
    case 'bool':
      result[name] = numberOf(value) !== 0n;
      return;
    case 'bytes':
      result[name] = bytesOf(value).toString('base64');
      return;
    case 'time':
    case 'microTime':
      setTime(result, name, type, bytesOf(value));
      return;
    case 'textMap':
    case 'bytesMap': {
      const entry = message(bytesOf(value), { 1: ['key', 'string'], 2: ['value', type === 'textMap' ? 'string' : 'bytes'] });
      const key = scalar(entry.key);
      if (key === '__proto__') throw malformed('a key is not allowed');
      result[name] = { ...(result[name] as object | undefined), [key]: entry.value ?? '' };
    }
  }
}

/** A zero time is an absent one. */
function setTime(result: Record<string, unknown>, name: string, type: 'time' | 'microTime', bytes: Buffer): void {
  const { seconds, nanos = 0 } = message(bytes, { 1: ['seconds', 'int'], 2: ['nanos', 'int'] }) as { seconds?: number; nanos?: number };
  if (seconds === undefined) return;
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  result[name] = type === 'time' ? `${whole}Z` : `${whole}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z`;
}

function* fieldsOf(bytes: Buffer): Generator<{ number: number; value: Buffer | bigint }> {
  for (let at = 0; at < bytes.length; ) {
    const tag = varint(bytes, at);
    at = tag.next;
    const number = Number(tag.value >> 3n);
    const wire = Number(tag.value & 7n);
    if (wire === 0) {
      const { value, next } = varint(bytes, at);
      at = next;
      yield { number, value };
    } else if (wire === 2) {
      const { value: length, next } = varint(bytes, at);
      at = next + Number(length);
      if (at > bytes.length) throw malformed('it ends in the middle of a field');
      yield { number, value: bytes.subarray(next, at) };
    } else if (wire === 1 || wire === 5) {
      at += wire === 1 ? 8 : 4;
    } else {
      throw malformed(`wire type ${wire} is unknown`);
    }
  }
}

function varint(bytes: Buffer, from: number): { value: bigint; next: number } {
  let value = 0n;
  for (let at = from, shift = 0n; shift < 70n; at += 1, shift += 7n) {
    const byte = bytes[at];
    if (byte === undefined) break;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return { value, next: at + 1 };
  }
  throw malformed('it ends in the middle of a number');
}

function bytesOf(value: Buffer | bigint): Buffer {
  if (typeof value === 'bigint') throw malformed('a field has another type');
  return value;
}

function numberOf(value: Buffer | bigint): bigint {
  if (typeof value !== 'bigint') throw malformed('a field has another type');
  return value;
}

function malformed(why: string): Error {
  return badRequest(`the protobuf in the body cannot be decoded: ${why}`);
}
