import type { RecordedWrite } from '#tests/parts/recording-proxy.ts';
import { idsOf } from '#tests/scenarios/deeds.ts';

/** Tells the writes of one process apart by the namespace whose objects they are for. */
export interface WriteLedger {
  readonly writes: RecordedWrite[];
  /** Hears of everything the cloud answered: which group a rule is in, which server has a port. */
  readonly read: (answer: unknown) => void;
  /** A uid, or a name that nobody else's resource has: what is written with it is this namespace's. */
  mark(namespace: string, text: string): void;
  /** Of the first `length` writes those for this namespace, and those that nobody known can have asked for. */
  of(namespace: string, length: number): RecordedWrite[];
  /** Those that no namespace has to do with. */
  ofNobody(): RecordedWrite[];
  /** Whether a cloud resource, as the cloud shows it, is this namespace's. */
  owns(namespace: string, resource: unknown): boolean;
}

/** A part without an object of its own is known by what it is a part of. */
const parentFields = ['security_group_id', 'device_id', 'volume_id'];

export function createWriteLedger(): WriteLedger {
  const writes: RecordedWrite[] = [];
  /** Uids, unique names and cloud ids. */
  const owners = new Map<string, string>();
  const parents = new Map<string, string>();
  const told = new Map<RecordedWrite, string>();

  const ownerOf = (write: RecordedWrite): string | undefined => {
    const known = told.get(write);
    if (known !== undefined) return known;
    const { target, made } = idsOf(write);
    const owner = ownerOfId(target) ?? ownerOfSent(write.sent);
    if (owner === undefined) return undefined;
    told.set(write, owner);
    for (const id of [target, made]) if (id !== '') owners.set(id, owner);
    return owner;
  };
  const ownerOfId = (id: string) => owners.get(id) ?? owners.get(parents.get(id) ?? '');
  const ownerOfSent = (sent: unknown) => textsIn(sent).flatMap((text) => owners.get(text) ?? [])[0];

  return {
    writes,
    read(answer) {
      for (const record of recordsIn(answer)) {
        const parent = parentFields.map((field) => record[field]).find((value) => typeof value === 'string' && value !== '');
        if (typeof record['id'] === 'string' && typeof parent === 'string') parents.set(record['id'], parent);
      }
    },
    mark: (namespace, text) => void owners.set(text, namespace),
    of: (namespace, length) => writes.slice(0, length).filter((write) => (ownerOf(write) ?? namespace) === namespace),
    ofNobody: () => writes.filter((write) => ownerOf(write) === undefined),
    owns(namespace, resource) {
      for (const write of writes) ownerOf(write);
      return textsIn(resource).some((text) => owners.get(text) === namespace);
    },
  };
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Every text in it, and every uuid within one: a stamp stands at the end of a description. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...(value.match(uuid) ?? [])];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function recordsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(recordsIn);
  return Array.isArray(value) ? inside : [value as Record<string, unknown>, ...inside];
}
