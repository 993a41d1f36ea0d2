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

/** A field as text; undefined when absent or empty. */
export function text(cloud: string, section: Section, field: string): string | undefined {
  const value = section[field];
  if (isAbsent(value) || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new CloudConfigError(cloud, field, 'must be text; put it in quotes');
}

/** YAML writes an absent value as nothing, as `null` or as `~`. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** A yes or no in any of the spellings YAML has had; anything else is refused, lest a typing error switch a check off. */
export function flag(cloud: string, section: Section, field: string): boolean | undefined {
  const value = section[field];
  if (isAbsent(value) || value === '') return undefined;
  const word = typeof value === 'string' || typeof value === 'boolean' ? String(value).toLowerCase() : '';
  if (['true', 'yes', 'on', '1'].includes(word)) return true;
  if (['false', 'no', 'off', '0'].includes(word)) return false;
  throw new CloudConfigError(cloud, field, 'must be true or false');
}
