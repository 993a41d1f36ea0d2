import type { Cause } from './status.ts';

/** A value as Kubernetes prints it in a message. */
function shown(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}

export function required(field: string, detail = ''): Cause {
  return { reason: 'FieldValueRequired', message: `Required value${detail && `: ${detail}`}`, field };
}

export function invalidValue(field: string, value: unknown, detail: string): Cause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${shown(value)}: ${detail}`, field };
}

/** `expected` and `found` are names of types: `integer`, `string`. */
export function wrongType(field: string, found: string, expected: string): Cause {
  return {
    reason: 'FieldValueTypeInvalid',
    message: `Invalid value: "${found}": ${field} in body must be of type ${expected}: "${found}"`,
    field,
  };
}

export function unsupported(field: string, value: unknown, supported: readonly unknown[]): Cause {
  const list = supported.map((each) => JSON.stringify(each)).join(', ');
  return { reason: 'FieldValueNotSupported', message: `Unsupported value: ${shown(value)}: supported values: ${list}`, field };
}

export function duplicate(field: string, value: unknown): Cause {
  return { reason: 'FieldValueDuplicate', message: `Duplicate value: ${shown(value)}`, field };
}

export function tooLong(field: string, bytes: number): Cause {
  return { reason: 'FieldValueTooLong', message: `Too long: may not be more than ${bytes} bytes`, field };
}

export function tooMany(field: string, found: number, most: number): Cause {
  return { reason: 'FieldValueTooMany', message: `Too many: ${found}: must have at most ${most} items`, field };
}

export function forbiddenField(field: string, detail: string): Cause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${detail}`, field };
}

export function immutable(field: string, value: unknown): Cause {
  return invalidValue(field, value, 'field is immutable');
}
