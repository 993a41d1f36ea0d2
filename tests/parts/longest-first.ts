import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes and hold a line or two: by size, as vitest sorts what it has not run before, they would come last. */
const long = [
  'openstack-pairs/conformance',
  // What computes beside what waits.
  'kubectl/conformance',
  'kubectl/hang',
  'kubectl/false-drift',
  'kubectl/kill',
  'kubectl/policies',
  'kubectl/plan',
  'kubectl/adopt',
  'browser/walk-en',
  'browser/walk-zh',
  'browser/story',
  'mariadb/shop',
].map((name) => `tests/real/${name}.test.ts`);

/** Long files first, so that a suite does not end with one worker at the last of them and the others idle. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- of files, by vitest
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = long.findIndex((name) => moduleId.endsWith(name));
  return at === -1 ? long.length : at;
}
