import { KubeConfig } from '@kubernetes/client-node';
import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import { UsageError } from '../settings.ts';

/** An object as the platform's API addresses it. */
export interface ObjectArgument {
  readonly kind: string;
  /** '' for a Cluster. */
  readonly namespace: string;
  readonly name: string;
}

/** `volume/data`, with the kind as kubectl takes it: Volume, volumes, osv. Throws UsageError. */
export function readObject(argument: string | undefined, namespace: string): ObjectArgument {
  const [kind, name, ...rest] = argument?.split('/') ?? [];
  if (!kind || !name || rest.length > 0) throw new UsageError('Name one object as KIND/NAME, such as volume/data.');
  const definition = definitionOf(kind);
  return { kind: definition.kind, namespace: definition.namespaced ? namespace : '', name };
}

/** The kind as declared, of any of its names. Throws UsageError. */
export function readKind(word: string | undefined): string {
  if (!word) throw new UsageError('Name a kind, such as Volume.');
  return definitionOf(word).kind;
}

/** `/api/v1/objects/Volume/default/data`. */
export function objectPath({ kind, namespace, name }: ObjectArgument): string {
  return `/api/v1/objects/${[kind, namespace || '-', name].map(encodeURIComponent).join('/')}`;
}

/** `Volume default/data`. */
export function objectTitle({ kind, namespace, name }: ObjectArgument): string {
  return `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
}

/** The namespace the kubeconfig's context is in; undefined when it names none or cannot be read, which whoever sends the request tells in full. */
export function namespaceIn(kubeconfig: string): string | undefined {
  const config = new KubeConfig();
  try {
    config.loadFromFile(kubeconfig);
  } catch {
    return undefined;
  }
  return config.getContextObject(config.getCurrentContext())?.namespace;
}

function definitionOf(word: string) {
  const definitions = resourceDefinitions();
  const wanted = word.toLowerCase();
  const found = definitions.find(({ kind, plural, shortNames }) => [kind.toLowerCase(), plural, ...shortNames].includes(wanted));
  if (found) return found;
  throw new UsageError(`There is no kind ${word}; known are ${definitions.map(({ kind }) => kind).join(', ')}.`);
}
