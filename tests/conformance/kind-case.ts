import type { JsonObject } from '#controller/engine/json.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';

/** What the conformance suite knows of one kind beside its declaration. */
export interface KindCase {
  readonly kind: string;
  /** Sets a case apart where its kind has several; the kind, when absent. */
  readonly title?: string;
  /** Below examples/; the object of this kind that is named `object` is looked at. */
  readonly manifest: string;
  readonly object: string;
  /** Manifests below examples/ whose objects have to be Ready first, in this order. */
  readonly needs: readonly string[];
  readonly mutations: readonly Mutation[];
  readonly edits: readonly Edit[];
}

export function titleOf({ kind, title = kind }: KindCase): string {
  return title;
}

/** Cloud ids by `Kind/name`, as `Volume/example`. */
export type Ids = (object: string) => string;

/** A change made past us, and the drift it has to show as. */
export interface Mutation {
  readonly name: string;
  /** Resolves once the cloud holds the change. */
  change(cloud: Cloud, id: string, ids: Ids): Promise<void>;
  readonly path: string;
  /** Absent: any, as for a stamp that differs from run to run. */
  readonly declared?: unknown;
  readonly observed?: unknown;
  /** Cannot be put right in place: under Correct the object stalls with ReplacementRequired. */
  readonly needsReplace?: true;
}

/** A change of the spec, and what the cloud has to hold after it. */
export interface Edit {
  readonly name: string;
  /** Merged into spec (JSON merge patch). */
  readonly spec: JsonObject;
  /** Reads what the edit is about from the cloud. */
  read(cloud: Cloud, id: string, ids: Ids): Promise<unknown>;
  readonly expected: unknown;
}

/** Asks until the answer is yes; the cloud takes a while to do what it accepted. */
export async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await isTrue()) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`the cloud did not get there within 60 s: ${what}`);
}
