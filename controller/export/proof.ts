import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { JsonObject } from '#controller/engine/json.ts';
import type { AnyKind, Owner, Reason, Resolve } from '#controller/engine/kind.ts';
import type { CloudHandle } from '../kinds/handle.ts';
import { STAMP_PATH } from '../kinds/ownership.ts';

interface Declaration {
  readonly kind: AnyKind<CloudHandle>;
  readonly spec: JsonObject;
  readonly observed: unknown;
  readonly owner: Owner;
}

/** Cloud id of the object of a kind with this name; undefined when there is none. */
export type IdOf = (kind: string, name: string) => string | undefined;

/**
 * Why applying a spec would be refused, or would change something: what an export promises is proved with the very functions that the
 * reconciler plans with. Undefined when nothing would happen.
 */
export function objectionTo(declaration: Declaration, cloud: CloudHandle, idOf: IdOf): string | undefined {
  const { kind, spec, observed, owner } = declaration;
  const validate = validatorOf(kind);
  if (!validate(spec)) {
    const [error] = validate.errors ?? [];
    return `Its declaration would be refused: spec${error?.instancePath.replaceAll('/', '.') ?? ''} ${error?.message ?? 'is wrong'}.`;
  }
  const missing: string[] = [];
  const desired = kind.desire(spec as never, resolving(cloud, owner, { idOf, missing }));
  if (missing.length > 0) return `Its declaration could not be carried out: ${missing.join(' ')}`;
  const paths = kind.diff(desired, observed).changes.flatMap(({ path }) => (path === STAMP_PATH ? [] : [path]));
  return paths.length === 0 ? undefined : `What it holds cannot be declared; applied, its declaration would change ${paths.join(', ')}.`;
}

function resolving(cloud: CloudHandle, owner: Owner, { idOf, missing }: { idOf: IdOf; missing: string[] }): Resolve<CloudHandle> {
  const id = (kind: string, name: string) => {
    const found = idOf(kind, name);
    if (found === undefined) missing.push(`There is no ${kind} ${name}.`);
    return found;
  };
  return {
    owner,
    cloud,
    id: (kind, name) => id(kind, name) ?? '',
    softId: id,
    secret(name, key) {
      missing.push(`There is no Secret ${name} with key ${key}.`);
      return undefined;
    },
    need<T>(found: T | undefined, otherwise: Reason): T {
      if (found === undefined) missing.push(otherwise.message);
      return found as T;
    },
  };
}

const validators = new WeakMap<AnyKind<CloudHandle>, ValidateFunction>();

function validatorOf(kind: AnyKind<CloudHandle>): ValidateFunction {
  const known = validators.get(kind);
  if (known) return known;
  const ajv = new Ajv({ strict: false, logger: false });
  addFormats.default(ajv);
  const made = ajv.compile(kind.spec);
  validators.set(kind, made);
  return made;
}
