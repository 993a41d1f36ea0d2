import type { Page } from '#tests/parts/browser.ts';

/** From this moment on the last line of the screen is the one with this number. */
export interface Picture {
  readonly atMs: number;
  readonly line: number;
}

/** Until the picture was drawn. */
export interface Took {
  readonly ms: number;
  readonly bytes: number;
  readonly answers: number;
}

const inPage = (pictures: readonly Picture[]) => `
  const pictures = ${JSON.stringify(pictures.map(({ atMs, line }) => [atMs, line]))};
  const find = (selector, root = document) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const element of root.querySelectorAll('*')) {
      const inside = element.shadowRoot && find(selector, element.shadowRoot);
      if (inside) return inside;
    }
  };
  const frame = () => new Promise(requestAnimationFrame);
  const lineShown = () => Number(/\\[(\\d+)\\]: request [^\\n]*\\n$/.exec(find('sw-player')?.screenText ?? '')?.[1] ?? 0);
  // Times in a recording are rounded.
  const isRight = (atMs) => [-2, 2].some((off) => pictures.findLast(([from]) => from <= atMs + off)?.[1] === lineShown());
  const drawn = async (isThere) => {
    const began = performance.now();
    while (!isThere()) {
      if (performance.now() - began > 60000) throw new Error('no such picture within 60 s; the last line is ' + lineShown());
      await frame();
    }
    // What the screen holds is painted with the next frame.
    await frame();
    return performance.now();
  };
`;

/** From the start of a whole load until the screen shows something, or what it showed at the moment that the address names. */
export async function openRecording(page: Page, address: string, pictures: readonly Picture[]): Promise<Took & { readonly steps: string }> {
  const moment = /[?]t=([\d.]+)/.exec(address)?.[1];
  const isThere = moment === undefined ? 'lineShown() > 0' : `isRight(${Number(moment) * 1000})`;
  const fetched = await count(page);
  await page.goto(address, { waitUntil: 'commit' });
  const ms = await page.evaluate<number>(`(async () => { ${inPage(pictures)} return drawn(() => ${isThere}); })()`);
  return { ms, ...(await fetched.end()), steps: await page.evaluate<string>(steps) };
}

/** When what was asked for of the recording began, and was there. */
const steps = `performance.getEntriesByType('resource')
  .filter(({ name }) => /terminals[/]|xterm-parts/.test(name))
  .map(({ name, startTime, responseEnd, encodedBodySize }) => {
    const what = name.replace(/^.*(terminals[/][^/]*)/, '').replace(/^.*[/]assets/, '').replace(/[?].*/, '') || 'terminal';
    return what + ' ' + Math.round(startTime) + '-' + Math.round(responseEnd) + ' (' + Math.round(encodedBodySize / 1024) + ' KiB)';
  })
  .join(', ')`;

/** From a click on the seek bar, at this share of it, until the screen shows what it showed at that moment. */
export async function seekBy(page: Page, share: number, pictures: readonly Picture[]): Promise<Took> {
  const bar = page.locator('sw-player-bar input[type="range"]');
  await page.evaluate(`(() => {
    ${inPage(pictures)}
    const input = find('sw-player-bar').shadowRoot.querySelector('input');
    globalThis.sought = new Promise((done) => input.addEventListener('input', async () => {
      const [atMs, from] = [Number(input.value), globalThis.pressedAt];
      done(await drawn(() => isRight(atMs)) - from);
    }, { once: true }));
    addEventListener('pointerdown', (event) => { globalThis.pressedAt = event.timeStamp; }, { once: true, capture: true });
  })()`);
  const fetched = await count(page);
  const box = await bar.boundingBox();
  if (!box) throw new Error('there is no seek bar');
  await page.mouse.click(box.x + box.width * (0.01 + 0.98 * share), box.y + box.height / 2);
  const ms = await page.evaluate<number>('globalThis.sought');
  const now = fetched.now();
  // What is brought ahead is not to be counted with the next one.
  await fetched.settled();
  await fetched.end();
  return { ms, ...now };
}

/** Counts what comes over the network from now on. */
async function count(page: Page) {
  const session = await page.context().newCDPSession(page);
  let [bytes, answers, lastAt] = [0, 0, Date.now()];
  session.on('Network.responseReceived', () => (answers += 1));
  session.on('Network.dataReceived', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    lastAt = Date.now();
  });
  await session.send('Network.enable');
  const now = () => ({ bytes, answers });
  return {
    now,
    async settled() {
      while (Date.now() - lastAt < 500) await new Promise((done) => setTimeout(done, 50));
    },
    async end() {
      await session.detach();
      return now();
    },
  };
}
