import type { Change } from '#controller/engine/kind.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import type { Declaration } from '#controller/history/revisions.ts';
import { gitOpsOwner } from '../actions/git-ops.ts';
import { diffJson } from '../kube-audit.ts';

/** A field that a manifest would change and that somebody else has written. */
export interface Conflict {
  /** What the declaration says, and what the manifest says. */
  readonly change: Change;
  readonly owner: Owner;
}

/** Who keeps a field as it is. */
export interface Owner {
  /** What it was written with: `kubectl`, `Flux (Kustomization apps/shop)`. */
  readonly manager: string;
  /** A pipeline, which writes it again. */
  readonly isPipeline: boolean;
  /** Its last write; absent where the manager is known by the labels of the object alone. */
  readonly write?: Pick<Declaration, 'revision' | 'actor' | 'at'>;
}

export interface Written {
  /** As it is now. */
  readonly object: KubeObject;
  /** Of the object, newest first, as far as they are kept. */
  readonly revisions: readonly Declaration[];
  /** The generation that the manifest was made from, where that is known: what was written later is somebody else's news. */
  readonly seen?: number;
}

const ours = 'stackwarden';

/**
 * What stands against changes of a spec, as server-side apply has it: a field belongs to the program that wrote it last, and another program
 * overwrites it only when told to. Which person used the program does not matter, unless they wrote after `seen`.
 */
export function conflictsOf(changes: readonly Change[], { object, revisions, seen }: Written): Conflict[] {
  const pipeline = gitOpsOwner(object);
  return changes.flatMap((change) => {
    const write = lastWriteOf(change.path, revisions);
    const isNews = write !== undefined && seen !== undefined && write.revision > seen;
    // What nobody declares belongs to nobody.
    if (change.from === null && !isNews) return [];
    const owner = pipeline ?? (write && managerOf(write.through));
    if (owner === undefined || (owner === ours && !isNews)) return [];
    return [{ change, owner: { manager: owner, isPipeline: pipeline !== undefined, ...(write && { write }) } }];
  });
}

/** The revision that made a field what it is; undefined when that is no longer kept. */
export function lastWriteOf(path: string, revisions: readonly Declaration[]): Declaration | undefined {
  return revisions.find((revision, index) => {
    const earlier = revisions[index + 1];
    if (!earlier && revision.action !== 'declared') return false;
    return diffJson(earlier?.spec, revision.spec, 'spec').some((change) => touches(change.path, path));
  });
}

function touches(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

/** `kubectl/v1.32.0` is kubectl; everything that comes through this server's own pages and commands is one. Undefined for nobody knows. */
function managerOf(through: string): string | undefined {
  const [name = ''] = through.split('/', 1);
  if (name === '' || name === 'unknown') return undefined;
  return name.startsWith(ours) ? ours : name;
}
