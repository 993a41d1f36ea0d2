import type { Cloud } from '#controller/openstack/cloud.ts';

/** Id of what an earlier wave made. */
export type IdOf = (label: string) => string;

/** Something made past us: a resource, or a change to one. */
export interface Step {
  /** `Kind/label` of the resource it makes; absent for what only changes one. */
  readonly makes?: string;
  /** For the `openstack` client; of what makes something, the answer is the id. */
  cli(id: IdOf): string[];
  api(cloud: Cloud, id: IdOf): Promise<string | void>;
}

/** Has the client answer with the id and nothing else. */
export const show = '-f value -c id';

export const words = (text: string): string[] => text.split(' ');

export async function idByName(pages: AsyncIterable<readonly { id: string; name: string | null }[]>, name: string): Promise<string> {
  for await (const page of pages) {
    const found = page.find((row) => row.name === name);
    if (found) return found.id;
  }
  throw new Error(`the cloud has no ${name}`);
}

export async function until(isTrue: () => Promise<boolean>, what: string, seconds = 180): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((done) => setTimeout(done, 250));
  }
}
