import { Agent, request } from 'undici';

/**
 * Asks for an address every 100 ms, in a process of its own: `node tests/bench/terminal/answer-times.ts URL CA`. Says when it begins; told
 * `enough`, says how long each answer took, in ms.
 */
const [url = '', ca = ''] = process.argv.slice(2);
const dispatcher = new Agent({ connect: { ca }, headersTimeout: 60_000 });

async function ask(): Promise<number> {
  const at = performance.now();
  const { statusCode, body } = await request(url, { dispatcher });
  await body.dump();
  if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`);
  return performance.now() - at;
}

// The first one, which connects, does not count.
await ask();
const asked: Promise<number>[] = [];
const timer = setInterval(() => asked.push(ask()), 100);
process.on('message', () => {
  clearInterval(timer);
  void Promise.all(asked).then((took) => process.send?.(took));
});
process.on('disconnect', () => process.exit());
process.send?.('begins');
