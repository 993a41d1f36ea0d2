import { ask } from './http.ts';
import type { Operation } from './operations.ts';
import { pathOfResource, type ResourceName } from './resource.ts';

/** A JSON Schema as inputs of actions use it. */
export interface InputSchema {
  readonly type?: string;
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly (string | number)[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly pattern?: string;
  readonly nullable?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, InputSchema>>;
  readonly additionalProperties?: InputSchema | false;
  readonly items?: InputSchema;
}

export type Danger = 'none' | 'interrupts' | 'loss';

/** Something that can be done with a resource, or why it cannot. */
export interface ActionOffer {
  /** `instance.start` */
  readonly name: string;
  readonly summary: string;
  readonly permission: string;
  readonly danger: Danger;
  readonly input: InputSchema;
  /** By the state of the target. */
  readonly possible: boolean;
  /** By the roles of the person. */
  readonly allowed: boolean;
  readonly obstacle?: { readonly reason: string; readonly message: string };
  readonly denied?: string;
}

export type ActionInput = Readonly<Record<string, unknown>>;

/** A time for which a declared field is left as a person makes it. */
export interface Override {
  readonly until: string;
  readonly reason: string;
}

/** What an action would do. */
export interface ActionEffects {
  readonly danger: Danger;
  readonly changes: readonly { readonly path: string; readonly from: unknown; readonly to: unknown }[];
  readonly takesAlong: readonly { readonly type: string; readonly id: string; readonly name: string; readonly what: string }[];
  readonly loses?: string;
  /** Whether the cloud is asked, the declaration changed, or the cloud asked against the declaration for a time. */
  readonly by: 'cloud' | 'declaration' | 'override';
  readonly object?: { readonly kind: string; readonly namespace?: string; readonly name: string };
  /** The merge patch of the declaration; null: the object is deleted. */
  readonly patch?: Readonly<Record<string, unknown>> | null;
}

/** An operation as it was begun; `secret` is told this once and kept nowhere. */
export type Begun = Operation & { readonly secret?: Readonly<Record<string, string>> };

/** What can be done with a resource, and why the rest cannot. Throws Problem. */
export async function fetchActions(of: ResourceName, signal?: AbortSignal): Promise<readonly ActionOffer[]> {
  return (await ask<{ items: readonly ActionOffer[] }>(`${pathOfResource(of)}/actions`, signal && { signal })).items;
}

interface Wish {
  readonly of: ResourceName;
  readonly action: string;
  readonly input: ActionInput;
  readonly override?: Override | undefined;
}

const pathOfAction = ({ of, action }: Wish) => `${pathOfResource(of)}/actions/${encodeURIComponent(action)}`;
const bodyOf = ({ input, override }: Wish) => ({ ...input, ...(override && { override }) });

/** What would become of it; changes nothing. Throws Problem. */
export const fetchEffects = (wish: Wish, signal?: AbortSignal): Promise<ActionEffects> =>
  ask<ActionEffects>(pathOfAction(wish), { method: 'POST', query: { dryRun: true }, body: bodyOf(wish), ...(signal && { signal }) });

/** Begins it; with `waitSeconds` resolves when it has ended, or after that time. Sent twice with one `key`, it is begun once. Throws Problem. */
export function beginAction(wish: Wish, { key, waitSeconds }: { key: string; waitSeconds?: number }): Promise<Begun> {
  return ask<Begun>(pathOfAction(wish), {
    method: 'POST',
    query: { wait: waitSeconds },
    body: bodyOf(wish),
    headers: { 'idempotency-key': key },
    timeoutMs: 30_000 + (waitSeconds ?? 0) * 1000,
  });
}
