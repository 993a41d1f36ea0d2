import type { JsonSchema } from '#controller/engine/json.ts';
import { MAX_DECLARED_DESCRIPTION } from '#controller/inventory/stamp.ts';

/** Names a declared object of the same namespace. */
export type Ref = { readonly name: string };

/** Names something that only exists in the cloud; exactly one of the two is given. */
export type Selector = { readonly name?: string; readonly id?: string };

/** Schema of a `...Ref` field; `soft` as `ReferenceMark` says. */
export function reference(kind: string, description: string, { soft = false }: { soft?: boolean } = {}): JsonSchema {
  return {
    type: 'object',
    description,
    required: ['name'],
    properties: { name: { type: 'string', minLength: 1, maxLength: 253, description: `Name of the ${kind} object.` } },
    'x-ref': soft ? { kind, soft: true } : { kind },
  };
}

/** Schema of a field that picks something of the cloud by name or id. */
export function selector(noun: string, description: string): JsonSchema {
  return {
    type: 'object',
    description,
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 255, description: `Name of the ${noun}; refused when several have it.` },
      id: { type: 'string', minLength: 1, maxLength: 255, description: `Id of the ${noun}.` },
    },
    ...exactlyOne('name', 'id'),
  };
}

/** Exactly one of the fields is set: `oneOf` for every validator, and a rule that says it in words where CEL is understood. */
export function exactlyOne(...fields: readonly string[]): Pick<JsonSchema, 'oneOf' | 'x-kubernetes-validations'> {
  const rule = `[${fields.map((field) => `has(self.${field})`).join(', ')}].filter(set, set).size() == 1`;
  return {
    oneOf: fields.map((field) => ({ required: [field] })),
    'x-kubernetes-validations': [{ rule, message: `exactly one of ${words(fields)} must be set` }],
  };
}

/** At most one of the fields is set. */
export function atMostOne(...fields: readonly string[]): Pick<JsonSchema, 'not' | 'x-kubernetes-validations'> {
  const pairs = fields.flatMap((one, at) => fields.slice(at + 1).map((other): [string, string] => [one, other]));
  const both = pairs.map((required) => ({ required }));
  return {
    not: both.length === 1 ? (both[0] ?? {}) : { anyOf: both },
    'x-kubernetes-validations': pairs.map(([one, other]) => ({
      rule: `!(has(self.${one}) && has(self.${other}))`,
      message: `${words([one, other])} exclude each other`,
    })),
  };
}

const words = (fields: readonly string[]) => fields.join(' and ');

/** `canBeEmpty`: the cloud has such resources without a name. */
export const resourceName = (noun: string, { canBeEmpty = false }: { canBeEmpty?: boolean } = {}): JsonSchema => ({
  type: 'string',
  ...(!canBeEmpty && { minLength: 1 }),
  maxLength: 255,
  description: `Name of the ${noun} in the cloud${canBeEmpty ? '; empty for none' : ''}. Default: the name of this object.`,
});

/** A Neutron description; shorter than Neutron's own limit because our stamp stands behind it. */
export const neutronDescription: JsonSchema = {
  type: 'string',
  maxLength: MAX_DECLARED_DESCRIPTION,
  description: 'Free text. In the cloud the id of this object stands behind it, in brackets.',
};

/** `maxLength`: 255 for Neutron, 60 for Nova. */
export const tags = (maxLength: number): JsonSchema => ({
  type: 'array',
  description: 'All tags it has, in any order.',
  maxItems: 50,
  items: { type: 'string', minLength: 1, maxLength, pattern: '^[^,/]+$' },
  'x-kubernetes-list-type': 'set',
});

export const metadata = (noun: string): JsonSchema => ({
  type: 'object',
  description: `All metadata of the ${noun} beside our own keys, which begin with stackwarden. Keys the cloud has and this has not are removed.`,
  maxProperties: 100,
  additionalProperties: { type: 'string', maxLength: 255 },
});

export const ipAddress = (description: string): JsonSchema => ({
  type: 'string',
  description,
  anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }],
});

export const cidr = (description: string): JsonSchema => ({
  type: 'string',
  description,
  maxLength: 49,
  pattern: '^[0-9A-Fa-f:.]+/[0-9]{1,3}$',
});
