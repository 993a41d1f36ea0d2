import type { InputSchema } from '../data/actions.ts';

/** A control of a form, as far as its value goes. */
export type Valued = EventTarget & { readonly value: string | readonly string[] | null };

/** A value as a control shows it. */
export function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function listOf({ value }: Valued): readonly string[] {
  return typeof value === 'string' || value === null ? [] : value;
}

/** A text; undefined for an empty one, which is as good as not given. */
export function textOf({ value }: Valued): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Where an empty text is a value, clearing the field means it. */
export function emptyOf({ minLength = 0, pattern, format }: InputSchema): '' | undefined {
  return minLength === 0 && pattern === undefined && format === undefined ? '' : undefined;
}

export function numberOf(target: Valued): number | undefined {
  const text = textOf(target);
  const number = text === undefined ? Number.NaN : Number(text);
  return Number.isNaN(number) ? undefined : number;
}
