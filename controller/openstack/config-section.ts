/** A wrong cloud entry; the message names the field and the next step, and never holds a secret. */
export class CloudConfigError extends Error {
  override readonly name = 'CloudConfigError';
  readonly cloud: string;
  readonly field: string;

  constructor(cloud: string, field: string, problem: string) {
    super(`${cloud ? `cloud ${cloud}: ` : ''}${field} ${problem}`);
    this.cloud = cloud;
    this.field = field;
  }
}

export type Section = Readonly<Record<string, unknown>>;

export function mapping(value: unknown, field: string, cloud: string): Section {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Section;
  throw new CloudConfigError(cloud, field, 'must be a mapping of names to values');
}

/** Keys may be written with dashes. */
export function normalizeKeys(section: Section): Section {
  const entries = Object.entries(section).map(([key, value]) => [key.replaceAll('-', '_'), value] as const);
  return Object.fromEntries(entries);
}

/** A field as text; undefined when absent or empty. Numbers count as text: an id or a password of digits only is a number to YAML. */
export function text(cloud: string, section: Section, field: string): string | undefined {
  const value = section[field];
  if (isAbsent(value) || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  throw new CloudConfigError(cloud, field, 'must be text; put it in quotes');
}

/** YAML writes an absent value as nothing, as `null` or as `~`. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

export function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}
