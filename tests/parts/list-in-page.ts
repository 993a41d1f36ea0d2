import type { Page } from 'playwright-core';

/** What is run in the page: rows of the list there, wherever shadow roots hide them. The row of the headings is left out. */
const inPage = `
  const all = (selector, root = document, found = []) => {
    found.push(...root.querySelectorAll(selector));
    for (const element of root.querySelectorAll('*')) if (element.shadowRoot) all(selector, element.shadowRoot, found);
    return found;
  };
  const rows = () => all('sw-table').flatMap((table) => all('[role="row"]', table.shadowRoot ?? table)).filter((row) => row.querySelector('[role="gridcell"], [role="cell"], [role="rowheader"]'));
  const filled = () => rows().filter((row) => /[0-9A-Za-z]/.test(row.innerText) && row.getAttribute('aria-busy') !== 'true');
  const frame = () => new Promise(requestAnimationFrame);
  const scroller = () => {
    for (let at = rows()[0]; at; at = at.assignedSlot ?? at.parentElement ?? at.getRootNode().host)
      if (at.scrollHeight > at.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
    return document.scrollingElement;
  };
`;

/** Ms from a click on a link of the frame until the list it leads to shows rows. */
export async function rowsAfterClick(page: Page, href: string): Promise<number> {
  return page.evaluate<number>(`(async () => {
    ${inPage}
    const link = all('sw-navigation').flatMap((one) => all('a', one.shadowRoot ?? one)).find((one) => one.getAttribute('href').split('?')[0] === ${JSON.stringify(href)});
    if (!link) throw new Error('the navigation has no link to ${href}');
    const at = performance.now();
    link.click();
    while (filled().length === 0) {
      if (performance.now() - at > 20000) throw new Error('no rows within 20 s');
      await frame();
    }
    return performance.now() - at;
  })()`);
}

/** Ms from the start of a whole load of the page until its list shows rows. */
export async function rowsAfterLoad(page: Page, address: string): Promise<number> {
  await page.goto(address, { waitUntil: 'commit' });
  return page.evaluate<number>(`(async () => {
    ${inPage}
    while (filled().length === 0) {
      if (performance.now() > 30000) throw new Error('no rows within 30 s');
      await frame();
    }
    return performance.now();
  })()`);
}

/** How many elements stand for rows now, and how many of them show something. */
export async function countRows(page: Page): Promise<{ readonly elements: number; readonly filled: number }> {
  return page.evaluate(`(() => { ${inPage} return { elements: rows().length, filled: filled().length }; })()`);
}

export interface Scrolling {
  readonly framesASecond: number;
  /** Ms of the longest frame. */
  readonly longestMs: number;
  /** Share of the frames in which at least half of the rows in view were empty. */
  readonly emptyShare: number;
  /** Of the most there ever were. */
  readonly rowElements: number;
  readonly scrolledPx: number;
}

/** Scrolls the list down for so long, so many pixels a frame. */
export async function scroll(page: Page, { seconds, pixelsAFrame }: { seconds: number; pixelsAFrame: number }): Promise<Scrolling> {
  return page.evaluate<Scrolling>(`(async () => {
    ${inPage}
    const box = scroller();
    const from = box.scrollTop;
    const gaps = [];
    let [empty, most, looked] = [0, 0, 0];
    let before = await frame();
    const until = before + ${seconds * 1000};
    while (before < until) {
      box.scrollTop += ${pixelsAFrame};
      const now = await frame();
      gaps.push(now - before);
      before = now;
      // Looking at the rows costs time of its own: now and then is enough.
      if (gaps.length % 15 !== 0) continue;
      looked += 1;
      const [shown, there] = [filled().length, rows().length];
      most = Math.max(most, there);
      if (shown < there / 2) empty += 1;
    }
    const spent = gaps.reduce((sum, gap) => sum + gap, 0);
    return { framesASecond: (gaps.length / spent) * 1000, longestMs: Math.max(...gaps), emptyShare: empty / Math.max(1, looked), rowElements: most, scrolledPx: box.scrollTop - from };
  })()`);
}

/** How often a row in view changed its text within so many seconds, and frames a second meanwhile. */
export async function changesInView(page: Page, seconds: number): Promise<{ readonly changes: number; readonly framesASecond: number }> {
  return page.evaluate(`(async () => {
    ${inPage}
    const texts = () => new Map(filled().map((row) => [row.getAttribute('aria-rowindex'), row.innerText]));
    let known = texts();
    let [changes, frames] = [0, 0];
    const began = performance.now();
    let looked = began;
    while (performance.now() - began < ${seconds * 1000}) {
      const now = await frame();
      frames += 1;
      if (now - looked < 500) continue;
      looked = now;
      const next = texts();
      for (const [index, text] of next) if (known.has(index) && known.get(index) !== text) changes += 1;
      known = next;
    }
    return { changes, framesASecond: (frames / (performance.now() - began)) * 1000 };
  })()`);
}
