import type { Resolve } from '#controller/engine/kind.ts';
import type { Resources } from '#controller/inventory/inventory.ts';
import type { Selector } from './fields.ts';
import type { CloudHandle } from './handle.ts';

/** What people pick by name or id, and the word messages use for it. */
const NOUNS = { flavor: 'flavor', image: 'image', network: 'network', subnet: 'subnet', volume_type: 'volume type' } as const;
export type Selectable = keyof typeof NOUNS;

const SHOWN = 10;

/** What the selector picks in the cloud; the object stalls, naming what there is, when it picks nothing or several. */
export function select<T extends Selectable>(
  resolve: Resolve<CloudHandle>,
  type: T,
  selector: Selector,
  field: string,
): Resources[T] | undefined {
  const { client, inventory } = resolve.cloud;
  const noun = NOUNS[type];
  if (inventory.listedAt(type) === 0) {
    const message = `${field}: the ${noun}s of cluster ${client.name} have not been listed yet.`;
    return resolve.need<Resources[T]>(undefined, { reason: 'NotListedYet', message }, { passes: true });
  }
  const found = matches(resolve.cloud, type, selector);
  const [only] = found;
  if (found.length === 1 && only !== undefined && isComing(type, only)) {
    const message = `${field}: the ${noun} ${only.name ?? only.id} has no data yet; waits until it has.`;
    return resolve.need<Resources[T]>(undefined, { reason: `${pascal(noun)}NotReady`, message }, { passes: true });
  }
  if (found.length === 1) return only;
  const reason = found.length === 0 ? `${pascal(noun)}NotFound` : `${pascal(noun)}Ambiguous`;
  const message = found.length === 0 ? nothing(resolve.cloud, type, selector, field) : several(resolve.cloud, type, selector, field, found);
  return resolve.need<Resources[T]>(undefined, { reason, message });
}

function matches<T extends Selectable>({ inventory }: CloudHandle, type: T, { id, name }: Selector): readonly Resources[T][] {
  if (id !== undefined) {
    const row = inventory.get(type, id);
    return row === undefined ? [] : [row];
  }
  return name === undefined ? [] : inventory.byName(type, name).filter((row) => !isHidden(type, row));
}

/** Glance hides such an image from who looks for one by name; who knows its id may use it. */
function isHidden(type: Selectable, row: object): boolean {
  return type === 'image' && (row as Resources['image']).os_hidden === true;
}

function isComing(type: Selectable, row: object): boolean {
  return type === 'image' && ['queued', 'saving', 'uploading', 'importing'].includes((row as Resources['image']).status);
}

function nothing({ client, inventory }: CloudHandle, type: Selectable, { id, name }: Selector, field: string): string {
  const noun = NOUNS[type];
  const wanted = id === undefined ? `no ${noun} named ${name}` : `no ${noun} with id ${id}`;
  const names = [...inventory.all(type)].map((row) => row.name ?? row.id).toSorted();
  const more = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : '';
  const known = names.length === 0 ? 'it has none' : `known: ${names.slice(0, SHOWN).join(', ')}${more}`;
  return `${field}: ${wanted} in cluster ${client.name}; ${known}. Correct the field, or make the ${noun} in the cloud.`;
}

function several<T extends Selectable>(
  cloud: CloudHandle,
  type: T,
  { name }: Selector,
  field: string,
  found: readonly Resources[T][],
): string {
  const ids = found.map((row) => row.id).toSorted();
  return `${field}: ${ids.length} ${NOUNS[type]}s in cluster ${cloud.client.name} are named ${name}: ${ids.join(', ')}. Pick one by id.`;
}

const pascal = (noun: string) => noun.replace(/(?:^| )(\w)/g, (_, letter: string) => letter.toUpperCase());
