import type { ApiObject, ResourceDefinition } from './definition.ts';
import { type Check, compileCheck } from './schema-check.ts';
import { metadataFields } from './selectors.ts';
import type { Cause, Qualified } from './status.ts';
import { type Tabulation, tabulate } from './table.ts';

type Cells = (object: ApiObject, now: number) => (string | number | boolean | null)[];

/** What a kind does beyond its definition; only built-in kinds have any of it. */
export interface Behaviour {
  /** Where its objects are stored, when another group's view of them is (`events`). */
  readonly storage?: string;
  /** Converts between the stored form and this group's. */
  readonly view?: { read(stored: ApiObject): ApiObject; write(sent: ApiObject): ApiObject };
  /** Whether `metadata.generation` is kept; false for data-only kinds, as in Kubernetes. */
  readonly hasGeneration?: boolean;
  /** Whether an update may come without a resourceVersion. */
  readonly allowsUnconditionalUpdate?: boolean;
  /** Whether a name must be a DNS label. */
  readonly hasLabelName?: boolean;
  /** Selectable fields beside metadata.name and metadata.namespace. */
  readonly fields?: (object: ApiObject) => Record<string, string>;
  /** Brings a written object into its canonical form, in place. */
  normalize?(object: ApiObject, before?: ApiObject): void;
  /** What is wrong beyond the schema. */
  check?(object: ApiObject, before?: ApiObject): Cause[];
  /** Values of the columns. */
  readonly cells?: Cells;
  /** Marks an object whose deletion was asked for, in place. */
  terminate?(object: ApiObject): void;
  /** Whether something beside `metadata.finalizers` keeps a deleted object. */
  isHeld?(object: ApiObject): boolean;
  /** Whether a patch may be a strategic merge patch. */
  readonly isBuiltIn?: boolean;
  /** Whether it can only be read. */
  readonly isReadOnly?: boolean;
  /** Subresources beside `status`. */
  readonly subresources?: readonly string[];
}

/** A kind ready to serve. */
export interface Resource extends ResourceDefinition, Behaviour {
  readonly storage: string;
  readonly isBuiltIn: boolean;
  readonly hasGeneration: boolean;
  /** `apiVersion` on the wire. */
  readonly apiVersion: string;
  readonly checkSchema: Check;
  readonly tabulation: Tabulation;
  readonly fieldNames: readonly string[];
  fieldsOf(object: ApiObject): Record<string, string>;
  /** For messages: by plural, and by kind. */
  readonly byPlural: Qualified;
  readonly byKind: Qualified;
}

const noObject: ApiObject = { apiVersion: '', kind: '', metadata: { name: '' } };

/** Compiles a definition; throws an Error on a schema or column that cannot be served. */
export function resource(definition: ResourceDefinition, behaviour: Behaviour = {}): Resource {
  const { group, version, plural, kind } = definition;
  const extra = behaviour.fields;
  return {
    ...definition,
    ...behaviour,
    storage: behaviour.storage ?? (group ? `${plural}.${group}` : plural),
    isBuiltIn: behaviour.isBuiltIn ?? false,
    hasGeneration: behaviour.hasGeneration ?? true,
    apiVersion: group ? `${group}/${version}` : version,
    checkSchema: compileCheck(definition.schema),
    tabulation: tabulate({ columns: definition.columns, ...(behaviour.cells ? { cells: behaviour.cells } : {}) }),
    fieldNames: ['metadata.name', 'metadata.namespace', ...Object.keys(extra?.(noObject) ?? {})],
    fieldsOf: (object) => ({ ...metadataFields(object.metadata), ...extra?.(object) }),
    byPlural: { group, resource: plural },
    byKind: { group, resource: kind },
  };
}

/** All kinds served, by group, version and plural. */
export class ResourceTable {
  readonly all: readonly Resource[];
  readonly #byPath = new Map<string, Resource>();

  constructor(resources: readonly Resource[]) {
    this.all = resources;
    for (const each of resources) this.#byPath.set(`${each.apiVersion}/${each.plural}`, each);
  }

  find(apiVersion: string, plural: string): Resource | undefined {
    return this.#byPath.get(`${apiVersion}/${plural}`);
  }

  /** `group/version` in the order of definition. */
  get groupVersions(): { group: string; version: string; apiVersion: string }[] {
    const seen = new Map<string, { group: string; version: string; apiVersion: string }>();
    for (const { group, version, apiVersion } of this.all) seen.set(apiVersion, { group, version, apiVersion });
    return [...seen.values()];
  }
}
