import { type AskedCorrection, askedOf } from './asked.ts';
import type { JsonObject } from './json.ts';
import type { KubeObject } from './object.ts';
import type { Connection } from './ports.ts';

/** A field to leave as the cloud has it. */
export interface Ignore {
  readonly path: string;
  readonly reason: string;
  /** RFC 3339. */
  readonly until?: string;
}

/** What may be done to one object's cloud resource: its spec, with the defaults of its cluster. */
export interface Policies {
  /** False: look only, write nothing, delete nothing. */
  readonly manages: boolean;
  /** What becomes of drift now. */
  readonly drift: 'Correct' | 'Report';
  /** Drift is only reported until then (RFC 3339), for no maintenance window is open. */
  readonly shutUntil?: string;
  /** What is put right once all the same, for somebody asked. */
  readonly asked?: AskedCorrection;
  readonly retains: boolean;
  /** Neither deleted, rebuilt nor replaced. */
  readonly isProtected: boolean;
  readonly allowsReplacement: boolean;
  /** Those that count now. */
  readonly ignore: readonly Ignore[];
}

/**
 * The policies of an object at a moment (epoch ms); `connection` is absent where its cluster cannot be asked, `correctAnnotation` where drift
 * is no matter.
 */
export function policiesOf(
  object: KubeObject,
  connection: Pick<Connection<never>, 'driftPolicy' | 'shutUntil'> | undefined,
  now: number,
  correctAnnotation?: string,
): Policies {
  const { spec } = object;
  const own = spec['driftPolicy'];
  const drift = own === 'Correct' || own === 'Report' ? own : (connection?.driftPolicy ?? 'Correct');
  const shutUntil = drift === 'Correct' ? connection?.shutUntil : undefined;
  const asked = correctAnnotation === undefined ? undefined : askedOf(object, correctAnnotation, now);
  return {
    manages: spec['managementPolicy'] !== 'Observe',
    drift: shutUntil === undefined ? drift : 'Report',
    ...(shutUntil !== undefined && { shutUntil }),
    ...(asked && { asked }),
    retains: spec['deletionPolicy'] === 'Retain',
    isProtected: spec['deletionProtection'] === true,
    allowsReplacement: spec['replacePolicy'] === 'Allow',
    ignore: ignoresOf(spec).filter((one) => one.until === undefined || Date.parse(one.until) > now),
  };
}

/** The rule that covers a path: the path itself, or a field it stands below. */
export function ignoredBy(ignore: readonly Ignore[], path: string): Ignore | undefined {
  return ignore.find((one) => path === one.path || path.startsWith(`${one.path}.`) || path.startsWith(`${one.path}[`));
}

function ignoresOf(spec: JsonObject): readonly Ignore[] {
  const { ignore } = spec;
  return Array.isArray(ignore) ? (ignore as readonly Ignore[]) : [];
}
