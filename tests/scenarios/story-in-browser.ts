import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import * as flavors from '#controller/openstack/compute/flavors.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import * as images from '#controller/openstack/image/images.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';
import { openBrowser, type Page, screenshot, signIn, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { type Stackwarden, startStackwarden } from '#tests/parts/stackwarden.ts';
import type { World } from './world.ts';

/** What differs from cloud to cloud. */
export interface Story {
  readonly makeWorld: () => Promise<World>;
  /** Renames an instance past us. */
  readonly rename: (world: World, id: string, name: string) => Promise<unknown>;
}

/** The first hour of a new operator, told in a browser: from an empty Stackwarden to a drift that was seen, put right and found in the audit. */
export function storyInBrowser(where: string, story: Story): void {
  describe(`a new operator on ${where}`, () => {
    let world: World;
    let stackwarden: Stackwarden;
    let browser: TestBrowser;
    let page: Page;
    let instance: string;
    const see = (name: string) => screenshot(page, `story-${world.name}-${name}`);
    beforeAll(async () => {
      [world, stackwarden, browser] = await Promise.all([story.makeWorld(), startStackwarden({ args: ['--no-sandbox'] }), openBrowser()]);
      await furnish(world);
      page = await browser.newPerson(stackwarden.url);
    });
    afterAll(async () => {
      await browser?.close();
      await stackwarden?.stop();
      if (world) await clear(world);
      await world?.close();
    });

    it('gets from an empty Stackwarden to a drift put right', async () => {
      const step = async (what: string, take: () => Promise<void>) => {
        try {
          await take();
        } catch (error) {
          await see(`failed`);
          throw new Error(`The operator ${what}: that failed.`, { cause: error });
        }
      };
      await step('signs in', async () => {
        await visit(page, '/');
        await signIn(page, { username: 'admin', password: readFileSync(join(stackwarden.dataDir, 'admin-password'), 'utf8').trim() });
        await see('1-signed-in');
      });

      await step('adds a cloud by pasting its clouds.yaml, and tries it first', async () => {
        await page.getByRole('textbox', { name: 'clouds.yaml' }).fill(named(world));
        await page.getByRole('textbox', { name: 'Name of the cluster' }).fill('main');
        await page.getByRole('button', { name: 'Test the connection' }).click();
        await page.getByText('The connection works.').waitFor();
        await see('2-tested');
        await page.getByRole('button', { name: 'Add the cloud' }).click();
        await page.getByText('main is being connected').first().waitFor();
      });

      await step('sees what is there', async () => {
        await page
          .getByRole('link', { name: 'To your instances' })
          .or(page.getByRole('button', { name: 'To your instances' }))
          .first()
          .click(patience);
        await page.getByRole('row').filter({ hasText: 'old-timer' }).filter({ hasText: 'ACTIVE' }).waitFor(patience);
        await see('3-instances');
      });

      await step('has drift shown and left alone', async () => {
        await visit(page, '/clusters/main?tab=settings');
        await page.getByRole('combobox', { name: 'Drift' }).click();
        await page.getByRole('option', { name: 'is only reported', exact: true }).click();
        await page.getByLabel('How often everything is looked at').fill(`${world.sweepSeconds}s`);
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await page.getByText('Saved.').waitFor();
      });

      await step('creates an instance with the wizard, and sees it get ready', async () => {
        await visit(page, '/declare/instance');
        const next = () => page.getByRole('button', { name: 'Next', exact: true }).click();
        await page.getByRole('textbox', { name: /^Name\W*$/ }).fill(declared);
        await next();
        await page.getByRole('radio', { name: /cirros/ }).check();
        await next();
        await page.getByRole('radio', { name: /m1\.tiny/ }).check();
        await next();
        await page.getByRole('checkbox', { name: /office/ }).check();
        for (const step of ['Security', 'Storage', 'Access', 'Review']) {
          await next();
          await page.getByRole('heading', { name: new RegExp(`^${step} Step`) }).waitFor();
        }
        await see('4-review');
        await page.getByRole('button', { name: 'Apply', exact: true }).click();
        await page.getByText('Everything is ready.').waitFor(patience);
        await see('5-ready');
        instance = await idOfServer(world, declared);
      });

      await step('sees what somebody changed behind its back, with the field', async () => {
        await story.rename(world, instance, 'renamed-by-hand');
        await visit(page, '/drift');
        const field = page.getByRole('row').filter({ hasText: /spec\s*›?\s*name/ });
        await field.waitFor(patience);
        expect((await field.innerText()).replaceAll(/\s+/g, ' ')).toMatch(new RegExp(`${declared}.*renamed-by-hand`));
        await see('6-drift');
      });

      await step('reverts it', async () => {
        await page.getByRole('button', { name: 'Revert', exact: true }).last().click();
        await page.getByText('change it in place').waitFor();
        await see('7-revert');
        await page.getByRole('button', { name: 'Revert 1 field' }).click();
        await expect.poll(() => nameOf(world, instance), patience).toBe(declared);
        await expect.poll(() => driftOf(stackwarden), patience).toBe(0);
      });

      await step('finds both in the audit log', async () => {
        await visit(page, '/audit');
        const entry = (what: string) => page.getByRole('row').filter({ hasText: what }).filter({ hasText: declared }).first();
        await entry('Drift detected').waitFor(patience);
        await entry('Revert requested').waitFor(patience);
        await entry('Drift corrected').waitFor(patience);
        await see('8-audit');
      });
    });
  });
}

/** What has to be seen in a cloud takes as long as looks at it, and a busy machine. */
const patience = { timeout: 90_000 };
const declared = 'first-steps';

async function idOfServer({ client }: World, name: string): Promise<string> {
  for await (const page of servers.list(client.compute)) for (const server of page) if (server.name === name) return server.id;
  throw new Error(`the cloud has no instance ${name}`);
}

async function nameOf({ client }: World, id: string): Promise<string> {
  return (await servers.get(client.compute, id)).name;
}

async function driftOf(stackwarden: Stackwarden): Promise<number> {
  const { text } = await stackwarden.get(`/apis/openstack.stackwarden.io/v1alpha1/namespaces/default/instances/${declared}`);
  return (JSON.parse(text) as { status?: { drift?: unknown[] } }).status?.drift?.length ?? 0;
}

/** The clouds.yaml that is pasted. */
function named({ cloudsYaml, cloud }: World): string {
  const { clouds } = parse(cloudsYaml) as { clouds: Record<string, unknown> };
  return stringify({ clouds: { [cloud]: clouds[cloud] } });
}

/** What was there before us: a network, and an instance on it. */
async function furnish({ client }: World): Promise<void> {
  const network = await networks.create(client.network, { name: 'office' });
  await subnets.create(client.network, { network_id: network.id, ip_version: 4, cidr: '10.77.0.0/24', name: 'office-v4' });
  const [imageRef, flavorRef] = [await idOf(images.list(client.image), 'cirros'), await idOf(flavors.list(client.compute), 'm1.tiny')];
  await servers.create(client.compute, { name: 'old-timer', imageRef, flavorRef, networks: [{ uuid: network.id }] });
}

async function idOf(
  pages: AsyncIterable<readonly { readonly id: string; readonly name?: string | null }[]>,
  name: string,
): Promise<string> {
  for await (const page of pages) for (const one of page) if (one.name === name) return one.id;
  throw new Error(`the cloud has no ${name}`);
}

/** Leaves the project as empty as it was. */
async function clear({ client }: World): Promise<void> {
  const left = async () => {
    const found: string[] = [];
    for await (const page of servers.list(client.compute)) found.push(...page.map(({ id }) => id));
    return found;
  };
  for (const id of await left()) await servers.remove(client.compute, id);
  while ((await left()).length > 0) await new Promise((done) => setTimeout(done, 500));
  for await (const page of networks.list(client.network))
    for (const { id, name } of page) if (name === 'office') await networks.remove(client.network, id);
}
