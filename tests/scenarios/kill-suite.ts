import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '#tests/parts/free-port.ts';
import { seededRandom } from '#tests/parts/random.ts';
import { newDataDir, startStackwarden } from '#tests/parts/stackwarden.ts';
import { disagreements } from './agreement.ts';
import { inventoryOf, readContents } from './contents.ts';
import { attach, condition, eventually, readManifestsOf, type Session, shopDir, startSession } from './session.ts';
import type { World } from './world.ts';

export interface KillSuiteOptions {
  readonly makeWorld: () => Promise<World>;
  /** Over apply and delete together. */
  readonly kills: number;
  /** Longest time a process lives before it is killed, ms. */
  readonly lifeMs: number;
}

/** SIGKILL at random moments while examples/shop is applied and deleted: exactly what is declared, nothing twice, nothing left over. */
export function killSuite(name: string, options: KillSuiteOptions): void {
  describe(`SIGKILL at ${options.kills} random moments on ${name}`, () => {
    const random = seededRandom(`kill suite on ${name}`);
    const manifests = readManifestsOf(shopDir);
    const dataDir = newDataDir();
    let port: number;
    let world: World;
    let session: Session;
    let before: string[];

    beforeAll(async () => {
      world = await options.makeWorld();
      port = await freePort();
      before = inventoryOf(await readContents(world.client));
      session = await startSession(world, { dataDir, port });
    });
    afterAll(async () => {
      await session?.process.stop();
      await world?.close();
    });

    /** Lets the process live for a random while, kills it and starts it again on the same data. */
    async function killAndRestart(): Promise<void> {
      await new Promise((done) => setTimeout(done, 50 + random() * options.lifeMs));
      await session.process.kill();
      session = attach(await startStackwarden({ dataDir, port, cloudsYaml: world.cloudsYaml, args: ['--cloud', world.cloud] }));
    }

    it('ends with exactly the declared resources after an apply', async () => {
      await session.must('apply', '-f', shopDir);
      for (let kill = 0; kill < options.kills / 2; kill += 1) await killAndRestart();
      await session.must(
        'wait',
        '--for=condition=Ready',
        '--timeout=300s',
        ...manifests.map((m) => `${m.kind.toLowerCase()}/${m.metadata.name}`),
      );
      const contents = await readContents(world.client);
      expect(disagreements(manifests, contents)).toEqual([]);
      const made = inventoryOf(contents).filter((row) => !before.includes(row) && !row.startsWith('port '));
      expect(made.length).toBe(manifests.length);
      expect((await session.process.get('/api/v1/audit/verify')).text).toContain('"ok":true');
    });

    it('ends with nothing of them after a delete', async () => {
      await session.must('delete', '-f', shopDir, '--wait=false');
      for (let kill = 0; kill < options.kills / 2; kill += 1) await killAndRestart();
      await eventually(
        300,
        async () => ((await session.objects()).every((object) => object.kind === 'Cluster') ? true : undefined),
        async () =>
          JSON.stringify(
            (await session.objects()).map((object) => [object.kind, object.metadata.name, condition(object, 'Ready')?.message]),
          ),
        1000,
      );
      await eventually(
        60,
        async () => (inventoryOf(await readContents(world.client)).join() === before.join() ? true : undefined),
        async () => {
          const left = inventoryOf(await readContents(world.client)).filter((row) => !before.includes(row));
          return `left over: ${left.join(', ')}`;
        },
        2000,
      );
    });
  });
}
