import type { ObjectMeta } from './definition.ts';
import { badRequest } from './status.ts';

/** Whether labels fit a selector. */
export type LabelMatch = (labels: Readonly<Record<string, string>>) => boolean;
/** Whether the selectable fields of an object fit. */
export type FieldMatch = (fields: Readonly<Record<string, string>>) => boolean;

const operators = new Set(['=', '==', '!=', 'in', 'notin', '>', '<']);
const lexeme = /\s*(==|!=|=|!|\(|\)|,|>|<|[^\s=!(),><]+)/y;
const keyShape = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const valueShape = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

/** Parses a label selector (`a=b,c!=d,e in (f,g),h,!i,j>1`); undefined when it selects everything. Throws a Status. */
export function parseLabelSelector(text: string): LabelMatch | undefined {
  const words = lex(text);
  if (words.length === 0) return undefined;
  const matches: LabelMatch[] = [];
  let at = 0;
  const next = (): string => words[at++] ?? '';
  while (at < words.length) {
    matches.push(requirement(next, () => words[at] ?? ''));
    if (at < words.length && next() !== ',') throw broken(`found '${words[at - 1] ?? ''}', expected: ',' or 'end of string'`);
  }
  return (labels) => matches.every((match) => match(labels));
}

function lex(text: string): string[] {
  const words: string[] = [];
  lexeme.lastIndex = 0;
  const trimmed = text.trim();
  while (lexeme.lastIndex < trimmed.length) {
    const found = lexeme.exec(trimmed);
    if (!found?.[1]) throw broken(`found '${trimmed}', expected: identifier`);
    words.push(found[1]);
  }
  return words;
}

function requirement(next: () => string, peek: () => string): LabelMatch {
  const first = next();
  if (first === '!') {
    const key = checkKey(next());
    return (labels) => labels[key] === undefined;
  }
  const key = checkKey(first);
  if (peek() === '' || peek() === ',') return (labels) => labels[key] !== undefined;
  const operator = next();
  if (!operators.has(operator)) throw broken(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
  if (operator === 'in' || operator === 'notin') {
    const values = new Set(valueList(next));
    return operator === 'in'
      ? (labels) => labels[key] !== undefined && values.has(labels[key])
      : (labels) => labels[key] === undefined || !values.has(labels[key]);
  }
  const value = peek() === '' || peek() === ',' ? '' : checkValue(next());
  if (operator === '!=') return (labels) => labels[key] !== value;
  if (operator === '>' || operator === '<') return comparison(key, operator, value);
  return (labels) => labels[key] === value;
}

function comparison(key: string, operator: '>' | '<', value: string): LabelMatch {
  if (!/^-?\d+$/.test(value)) throw broken('for `Gt`, `Lt` operators, the value must be an integer');
  return (labels) => {
    const found = labels[key];
    if (found === undefined || !/^-?\d+$/.test(found)) return false;
    return operator === '>' ? Number(found) > Number(value) : Number(found) < Number(value);
  };
}

function valueList(next: () => string): string[] {
  const open = next();
  if (open !== '(') throw broken(`found '${open}' expected: '('`);
  const values: string[] = [];
  for (let word = next(); ; word = next()) {
    if (word === ')') return values.length === 0 ? [''] : values;
    if (word === '') throw broken("found '', expected: ',' or ')'");
    if (word !== ',') values.push(checkValue(word));
  }
}

function checkKey(key: string): string {
  if (!keyShape.test(key)) throw broken(`found '${key}', expected: identifier`);
  return key;
}

function checkValue(value: string): string {
  if (!valueShape.test(value)) throw broken(`found '${value}', expected: identifier`);
  return value;
}

function broken(what: string): Error {
  return badRequest(`unable to parse requirement: ${what}`);
}

/**
 * Parses a field selector (`metadata.name=a,type!=Warning`); undefined when it selects everything. `known` are the fields the
 * kind can be selected by. Throws a Status.
 */
export function parseFieldSelector(text: string, known: readonly string[], isBuiltIn: boolean): FieldMatch | undefined {
  const terms = text.split(/(?<!\\),/).filter((term) => term !== '');
  if (terms.length === 0) return undefined;
  const matches = terms.map((term): FieldMatch => {
    const found = /^([^=!]+)(==|!=|=)((?:\\.|[^\\])*)$/.exec(term);
    if (!found?.[1]) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, field, operator] = found;
    const value = (found[3] ?? '').replace(/\\([\\,=])/g, '$1');
    if (!known.includes(field)) throw badRequest(unknownField(field, known, isBuiltIn));
    return operator === '!=' ? (fields) => (fields[field] ?? '') !== value : (fields) => (fields[field] ?? '') === value;
  });
  return (fields) => matches.every((match) => match(fields));
}

function unknownField(field: string, known: readonly string[], isBuiltIn: boolean): string {
  if (!isBuiltIn) return `field label not supported: ${field}`;
  return `"${field}" is not a known field selector: only ${known.map((each) => `"${each}"`).join(', ')}`;
}

/** The fields every kind can be selected by. */
export function metadataFields(metadata: ObjectMeta): Record<string, string> {
  return { 'metadata.name': metadata.name, 'metadata.namespace': metadata.namespace ?? '' };
}
