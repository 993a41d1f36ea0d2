import type { JsonSchema } from '#controller/engine/json.ts';
import type { Column } from '#controller/engine/kind.ts';

/** A structural schema as CRDs take it, with the marks Kubernetes adds to built-in types. */
export interface Schema extends Omit<JsonSchema, 'properties' | 'items' | 'additionalProperties' | 'oneOf' | 'anyOf' | 'allOf' | 'not'> {
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  not?: Schema;
  'x-kubernetes-preserve-unknown-fields'?: true;
  'x-kubernetes-patch-strategy'?: 'merge';
  'x-kubernetes-patch-merge-key'?: string;
}

/** A kind as a CustomResourceDefinition describes it. */
export interface ResourceDefinition {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  /** Whether there is a status subresource; `status` is then ignored in other writes. */
  readonly status: boolean;
  /** Schema of the whole object: `spec`, `status`, and whatever else it has beside `apiVersion`, `kind` and `metadata`. */
  readonly schema: Schema;
  /** Columns after `Name`, exactly as CRDs list them: an `Age` is shown only when it is among them. */
  readonly columns: readonly Column[];
}

/** An object on the wire. */
export interface ApiObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

export interface ObjectMeta {
  name: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** Who sends a request. */
export interface User {
  readonly user: string;
  readonly groups: readonly string[];
  /** The program it is sent with: `kubectl/v1.32.0`, or a field manager. */
  readonly through?: string;
  /** Whence it is sent: network address, id of the session or token, id of the request. */
  readonly source?: { readonly address?: string; readonly session?: string; readonly requestId?: string };
}
