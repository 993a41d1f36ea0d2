/**
 * Times the lists as a client meets them: Stackwarden as a process of its own, over TLS, on sandbox clouds of another process; a page, filters and
 * searches, with all clouds up and then with one that hangs. `npm run bench:http`; CLOUDS and INSTANCES of each can follow (20, 2500).
 */
import { readFileSync } from 'node:fs';
import { startManyClouds } from './many-clouds.ts';

const clouds = Number(process.argv[2] ?? 20);
const instances = Number(process.argv[3] ?? 2500);
const rounds = 40;
const print = (what: string, value: string) => process.stdout.write(`${what.padEnd(60)} ${value}\n`);

const world = await startManyClouds(clouds, instances);
const { stackwarden } = world;
try {
  print(`${clouds * instances} instances over ${clouds} clouds listed after`, `${Math.round(world.listedAfterMs)} ms`);
  await measureAll('all clouds up');
  world.ask('hang');
  await new Promise((done) => setTimeout(done, 5000));
  await measureAll('one cloud hangs');
  const { pid } = stackwarden;
  print(
    'memory of the server (RSS)',
    `${Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)} MB`,
  );
} finally {
  await world.close();
}

async function measureAll(when: string): Promise<void> {
  const questions: readonly (readonly [what: string, path: string])[] = [
    ['first 100 by name', '/api/v1/resources/server?limit=100'],
    ['first 100, newest first', '/api/v1/resources/server?limit=100&sort=-created'],
    [
      'filter name:*-77* cluster:cloud-1*',
      `/api/v1/resources/server?limit=100&filter=${encodeURIComponent('name:*-77* cluster:cloud-1*')}`,
    ],
    ['one IP', `/api/v1/resources/server?limit=100&filter=${encodeURIComponent('ip:10.0.7.7')}`],
    ['search of an IP over all types', '/api/v1/search?q=10.0.7.7'],
    ['search of a name over all types', '/api/v1/search?q=vm-3-77'],
  ];
  for (const [what, path] of questions) {
    const took: number[] = [];
    let rows = 0;
    for (let round = 0; round < rounds; round += 1) {
      const at = performance.now();
      const { status, text } = await stackwarden.get(path);
      took.push(performance.now() - at);
      if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`);
      rows = (JSON.parse(text) as { items: unknown[] }).items.length;
    }
    took.sort((a, b) => a - b);
    const at = (share: number) => (took[Math.min(rounds - 1, Math.floor(rounds * share))] ?? 0).toFixed(1);
    print(`${when}: ${what} (${rows} rows)`, `median ${at(0.5)}, 95 % ${at(0.95)}, most ${at(1)} ms`);
  }
}
