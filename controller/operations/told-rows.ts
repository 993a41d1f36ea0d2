import type { OperationRows } from './rows.ts';

/** The same rows, telling the id of each operation that was made or changed. Items that a bulk ends at once are told of by the bulk. */
export function toldRows(rows: OperationRows, changed: (id: string) => void): OperationRows {
  /** Tells when the write came to something. */
  const tell = async <Outcome>(
    id: string,
    write: Promise<Outcome>,
    isChange: (outcome: Outcome) => boolean = Boolean,
  ): Promise<Outcome> => {
    const outcome = await write;
    if (isChange(outcome)) changed(id);
    return outcome;
  };
  return {
    ...rows,
    async insert(operations) {
      await rows.insert(operations);
      for (const { id } of operations) changed(id);
    },
    claim: (id, ...rest) => tell(id, rows.claim(id, ...rest)),
    save: (id, ...rest) => tell(id, rows.save(id, ...rest)),
    cancel: (id, now) => tell(id, rows.cancel(id, now), (outcome) => outcome !== 'too-late'),
    cancelQueuedOf: (parent, now) => tell(parent, rows.cancelQueuedOf(parent, now), () => true),
    endParent: (parent, now) => tell(parent, rows.endParent(parent, now)),
  };
}
