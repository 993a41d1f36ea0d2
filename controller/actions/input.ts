import type { JsonSchema } from '#controller/engine/json.ts';
import { MAX_DECLARED_DESCRIPTION } from '#controller/inventory/stamp.ts';

/** Schema of an action's input. */
export function inputOf(properties: Record<string, JsonSchema>, ...required: readonly string[]): JsonSchema {
  return { type: 'object', properties, ...(required.length > 0 && { required: [...required] }) };
}

export const nameInput = (noun: string, { canBeEmpty = false }: { canBeEmpty?: boolean } = {}): JsonSchema => ({
  type: 'string',
  minLength: canBeEmpty ? 0 : 1,
  maxLength: 255,
  description: `Name of the ${noun}${canBeEmpty ? '; empty for none' : ''}.`,
});

export const idInput = (description: string): JsonSchema => ({ type: 'string', minLength: 1, maxLength: 255, description });

/** A description as Cinder keeps it. */
export const descriptionInput: JsonSchema = { type: 'string', maxLength: 255, description: 'Free text.' };

/** A description as Neutron keeps it; the stamp of an object may stand behind it. */
export const neutronDescriptionInput: JsonSchema = { type: 'string', maxLength: MAX_DECLARED_DESCRIPTION, description: 'Free text.' };

export const flagInput = (description: string): JsonSchema => ({ type: 'boolean', description });

export const tagsInput: JsonSchema = {
  type: 'array',
  maxItems: 50,
  items: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[^,/]+$', description: 'A tag.' },
  description: 'All tags it is to have.',
};

/** Keys to set, and with `null` to take away; others stay. */
export const entriesInput = (what: string, maxLength: number): JsonSchema => ({
  type: 'object',
  maxProperties: 100,
  additionalProperties: { type: 'string', maxLength, nullable: true, description: 'A value; null takes the key away.' },
  description: `${what} to set; null takes a key away, and others stay as they are.`,
});

/** Metadata of something new. */
export const metadataInput: JsonSchema = {
  type: 'object',
  maxProperties: 100,
  additionalProperties: { type: 'string', maxLength: 255, description: 'A value.' },
  description: 'Metadata it is made with.',
};

export type Entries = Readonly<Record<string, string | null>>;
