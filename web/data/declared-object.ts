import { ask } from './http.ts';

/** A Kubernetes object, whole. */
export type WholeObject = Readonly<Record<string, unknown>> & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
  };
};

/** What names an object. */
export interface ObjectName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The kinds of ours all have the plural that their name in small letters with an s has. */
const pathOf = ({ apiVersion, kind, namespace, name }: ObjectName) =>
  `/apis/${apiVersion}/namespaces/${encodeURIComponent(namespace)}/${kind.toLowerCase()}s/${encodeURIComponent(name)}`;

/** The object as the Kubernetes API has it. Throws Problem. */
export const fetchObject = (of: ObjectName): Promise<WholeObject> => ask<WholeObject>(pathOf(of));

/** Writes a changed object back; refused (409) when somebody else changed it since it was read. Throws Problem. */
export const replaceObject = (of: ObjectName, object: WholeObject): Promise<WholeObject> =>
  ask<WholeObject>(pathOf(of), { method: 'PUT', query: { fieldManager: 'stackwarden-web' }, body: object });
