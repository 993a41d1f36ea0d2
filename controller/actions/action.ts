import type { Json, JsonObject, JsonSchema } from '#controller/engine/json.ts';
import type { Change } from '#controller/engine/kind.ts';
import type { CloudInventory, Resources, ResourceType } from '#controller/inventory/inventory.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';

/** A deed a person asks for on one resource of a cloud, or (`target: 'none'`) for a new one. One file declares a few that belong together. */
export interface Action<T extends ResourceType = ResourceType, Input = Json> {
  /** `noun.verb`: `instance.start`. */
  readonly name: string;
  /** What it is done to, or what it makes. */
  readonly type: T;
  /** `none`: it makes a new resource, and there is no target yet. */
  readonly target: 'one' | 'none';
  /** Name of a row of the policy table. */
  readonly permission: string;
  /** What it does, in a sentence without a full stop. */
  readonly summary: string;
  /**
   * Of the input, an object; each field with a description, which is what a person reads who got it wrong. A field of `format: 'password'`
   * is a secret: `run` gets it, but it is only held in memory, so an operation a restart cut off before it was sent fails with SecretLost.
   */
  readonly input: JsonSchema;
  /** It deletes its target: of a declared one the object is deleted, and the reconciler does the rest. */
  readonly removes?: true;
  /** How bad a mistake would be: `none` needs no confirmation, `loss` cannot be undone. */
  readonly danger: 'none' | 'interrupts' | 'loss';
  /** Why it is not possible now, or undefined. Pure, and cheap: asked for every button. `input` is absent until a person filled it in. */
  obstacle(look: Look<T>, input?: Input): Obstacle | undefined;
  /** What would change, and what goes with it. Pure. */
  effects(look: Look<T>, input: Input): Effects;
  /**
   * For a declared target: the change of its spec (a JSON merge patch) that brings this about, when what it changes is declared or can be.
   * Absent, or undefined for this input: it is no matter of the declaration and is done in the cloud. Pure.
   */
  declares?(look: Look<T>, input: Input): Readonly<Record<string, Json>> | undefined;
  /** Carries it out; see Run. What it resolves with is shown as the operation's result and MUST hold no secret that may be stored. */
  run(run: Run<T>, input: Input): Promise<ActionResult | undefined>;
}

/** What an action decides by. `target` is what the cloud was last seen to hold; of an action without a target it is undefined. */
export interface Look<T extends ResourceType> {
  readonly target: Resources[T];
  readonly inventory: CloudInventory;
  /** The object that manages the target; undefined when none does. */
  readonly declared?: {
    readonly spec: JsonObject;
    /** Name of the object of its namespace that manages another resource; undefined when none does. */
    nameOf(type: ResourceType, id: string): string | undefined;
  };
  /** `Kind namespace/name` of the object that manages another resource, which the action would change as well; undefined when none does. */
  managerOf?(type: ResourceType, id: string): string | undefined;
}

/** Why something is not possible now, and the next step, in words for a tooltip: "It is locked by an administrator; unlock it first." */
export interface Obstacle {
  /** CamelCase and stable: `WrongState`, `Locked`, `Busy`, `InUse`, ... */
  readonly reason: string;
  readonly message: string;
  /** The field of the input that is at fault, if one is. */
  readonly field?: string;
}

export interface Effects {
  readonly changes: readonly Change[];
  /** Other resources that change or go with it. */
  readonly takesAlong: readonly { readonly type: ResourceType; readonly id: string; readonly name: string; readonly what: string }[];
  /** What is lost for good, in words. */
  readonly loses?: string;
}

export interface ActionResult {
  /** Resources made, or left behind. */
  readonly resources?: readonly { readonly type: ResourceType; readonly id: string; readonly name: string }[];
  /** What to tell besides, safe to store. */
  readonly data?: Json;
  /** Told once to the person who asked and stored nowhere: a private key, a new password. */
  readonly secret?: Readonly<Record<string, string>>;
}

/**
 * One carrying-out. It may be the continuation of one that a restart cut off: `run` is then called again from the top, and each `send` that
 * was sent already is not sent again.
 */
export interface Run<T extends ResourceType> {
  /** `''` for an action without a target. */
  readonly id: string;
  readonly cloud: Cloud;
  readonly inventory: CloudInventory;
  /** The target as it was when the operation was made: what `effects` told of. */
  readonly before: Resources[T] | undefined;
  /** Names the step that begins; shown with the per cent done (0 to 100) by then. */
  step(name: string, percent: number): Promise<void>;
  /**
   * Sends a write once in the life of the operation: the intent is stored before, the answer (JSON) after. When a restart came in between,
   * nobody knows whether the cloud got it: `found` then looks for its effect, and what that resolves with counts as the answer; undefined
   * means that it surely was not done, and it is sent. Without `found` it is not sent again, and resolves with null.
   */
  send<Answer extends Json>(name: string, write: () => Promise<Answer>, found?: () => Promise<Answer | undefined>): Promise<Answer | null>;
  /** Looks until `done` gives something, at growing intervals; throws ActionFailed after `timeoutMs`, and Cancelled when a person cancelled. */
  until<Found>(
    what: string,
    done: () => Promise<Found | undefined>,
    options?: { readonly timeoutMs?: number; percent?(): number | undefined },
  ): Promise<Found>;
  /** Aborted when a person cancels. What an action does then is its own: stop waiting, or call the cloud off. */
  readonly cancelled: AbortSignal;
}

/** It ended otherwise than asked. The message is for people and MUST hold no secret. */
export class ActionFailed extends Error {
  override name = 'ActionFailed';
  readonly reason: string;
  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A person cancelled it. An action that catches it to call the cloud off MUST throw it again. */
export class Cancelled extends Error {
  override name = 'Cancelled';
  constructor() {
    super('It was cancelled.');
  }
}

/** An action with the types of its row and input left behind; what lists of actions hold. */
export type AnyAction = Omit<Action<never, never>, 'type'> & { readonly type: ResourceType };
