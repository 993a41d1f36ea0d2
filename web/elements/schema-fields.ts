import type { ActionInput, InputSchema } from '../data/actions.ts';

/** How a field of an input is filled in. */
export type FieldKind =
  | 'text'
  | 'lines'
  | 'password'
  | 'number'
  | 'flag'
  | 'choice'
  | 'texts'
  | 'entries'
  | 'objects'
  | 'resource'
  | 'resources';

export interface Field {
  readonly name: string;
  readonly schema: InputSchema;
  readonly isRequired: boolean;
  readonly kind: FieldKind;
  /** Type of the resource it names, and by what. */
  readonly names?: Named;
}

interface Named {
  readonly type: string;
  readonly by: 'id' | 'name';
}

/** Fields that name a resource of the cloud; inputs say so by the name of the field. */
const named: Readonly<Record<string, Named>> = {
  ...Object.fromEntries(
    (
      [
        ['flavorId', 'flavor'],
        ['imageId', 'image'],
        ['volumeId', 'volume'],
        ['snapshotId', 'volume_snapshot'],
        ['serverId', 'server'],
        ['portId', 'port'],
        ['networkId', 'network'],
        ['externalNetworkId', 'network'],
        ['subnetId', 'subnet'],
        ['floatingIPId', 'floatingip'],
        ['securityGroupId', 'security_group'],
        ['securityGroupIds', 'security_group'],
        ['remoteGroupId', 'security_group'],
      ] as const
    ).map(([field, type]) => [field, { type, by: 'id' as const }]),
  ),
  volumeType: { type: 'volume_type', by: 'name' },
};

/** Fields of a form in the order the schema has them, what has to be given first. */
export function fieldsOf(schema: InputSchema): readonly Field[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {})
    .map(([name, one]) => {
      const names = named[name];
      return { name, schema: one, isRequired: required.has(name), kind: kindOf(one, names !== undefined), ...(names && { names }) };
    })
    .toSorted((a, b) => Number(b.isRequired) - Number(a.isRequired));
}

function kindOf(schema: InputSchema, isNamed: boolean): FieldKind {
  if (schema.enum) return 'choice';
  const { type, items, format, maxLength = 0 } = schema;
  if (type === 'boolean') return 'flag';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'object') return 'entries';
  if (type === 'array' && !isNamed) return items?.type === 'object' ? 'objects' : 'texts';
  if (isNamed) return type === 'array' ? 'resources' : 'resource';
  if (format === 'password') return 'password';
  return maxLength > 1000 ? 'lines' : 'text';
}

/** What is wrong with a value; `at` is a figure it goes by. */
export interface Fault {
  readonly fault: 'missing' | 'tooShort' | 'tooLong' | 'tooSmall' | 'tooLarge' | 'notWhole' | 'badForm';
  readonly at?: number;
}

/** What is wrong with each field; empty when it can be sent. */
export function faultsOf(schema: InputSchema, value: ActionInput): ReadonlyMap<string, Fault> {
  const faults = new Map<string, Fault>();
  for (const { name, schema: one, isRequired } of fieldsOf(schema)) {
    const given = value[name];
    const fault = given === undefined ? (isRequired ? ({ fault: 'missing' } as const) : undefined) : faultOf(one, given);
    if (fault) faults.set(name, fault);
  }
  return faults;
}

function faultOf(schema: InputSchema, given: unknown): Fault | undefined {
  if (typeof given === 'string') return faultOfText(schema, given);
  if (typeof given === 'number') {
    if (schema.type === 'integer' && !Number.isInteger(given)) return { fault: 'notWhole' };
    if (schema.minimum !== undefined && given < schema.minimum) return { fault: 'tooSmall', at: schema.minimum };
    if (schema.maximum !== undefined && given > schema.maximum) return { fault: 'tooLarge', at: schema.maximum };
    return undefined;
  }
  const { items } = schema;
  if (!Array.isArray(given) || !items) return undefined;
  for (const one of given as readonly unknown[]) {
    const [fault] = items.properties ? faultsOf(items, one as ActionInput).values() : [faultOf(items, one)];
    if (fault) return fault;
  }
  return undefined;
}

function faultOfText({ minLength, maxLength, pattern, enum: choices }: InputSchema, text: string): Fault | undefined {
  if (choices) return choices.includes(text) ? undefined : { fault: 'badForm' };
  if (minLength !== undefined && text.length < minLength) return { fault: text === '' ? 'missing' : 'tooShort', at: minLength };
  if (maxLength !== undefined && text.length > maxLength) return { fault: 'tooLong', at: maxLength };
  return pattern !== undefined && !new RegExp(pattern, 'u').test(text) ? { fault: 'badForm' } : undefined;
}

/** What was changed of what is there, and all that has to be given; what is as it was need not be sent. */
export function changedInput(schema: InputSchema, value: ActionInput, current: ActionInput): ActionInput {
  const required = new Set(schema.required);
  const kept = Object.entries(value).flatMap(([name, given]): [string, unknown][] => {
    if (schema.properties?.[name]?.type === 'object') {
      const entries = changedEntries(given as Entries, (current[name] ?? {}) as Entries);
      return Object.keys(entries).length > 0 || required.has(name) ? [[name, entries]] : [];
    }
    return required.has(name) || !isSame(given, current[name]) ? [[name, given]] : [];
  });
  return Object.fromEntries(kept);
}

type Entries = Readonly<Record<string, string>>;

/** Keys to set, and as null those to take away. */
function changedEntries(given: Entries, current: Entries): Readonly<Record<string, string | null>> {
  const set = Object.entries(given).filter(([key, one]) => current[key] !== one);
  const gone = Object.keys(current).filter((key) => given[key] === undefined);
  return { ...Object.fromEntries(set), ...Object.fromEntries(gone.map((key) => [key, null])) };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
