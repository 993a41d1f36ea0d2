import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { watchForTroubles } from './browser-troubles.ts';

export type { Page } from 'playwright-core';

/** How a person has their browser. The web follows it until they choose otherwise. */
export interface Look {
  readonly language: 'zh' | 'en';
  readonly theme: 'light' | 'dark';
  /** Of the window: 1440 a desk, 390 a phone. */
  readonly width: number;
}

/** A headless Chromium. It reaches this machine alone. */
export interface TestBrowser {
  /** A page for somebody nobody knows yet: no cookie, nothing remembered. Paths are taken from `url`. */
  newPerson(url: string, look?: Partial<Look>): Promise<Page>;
  /** Another tab of the same person. */
  sameAs(page: Page): Promise<Page>;
  close(): Promise<void>;
}

const desk: Look = { language: 'en', theme: 'light', width: 1440 };
const urls = new WeakMap<BrowserContext, string>();
const heights: Readonly<Record<number, number>> = { 1440: 900, 390: 844 };

export async function openBrowser(): Promise<TestBrowser> {
  const browser = await launch();
  return {
    async newPerson(url, look = {}) {
      const context = await newContext(browser, url, { ...desk, ...look });
      urls.set(context, url);
      const page = await context.newPage();
      watchForTroubles(page, url);
      return page;
    },
    async sameAs(page) {
      const another = await page.context().newPage();
      watchForTroubles(another, originOf(page));
      return another;
    },
    close: () => browser.close(),
  };
}

function originOf(page: Page): string {
  const origin = urls.get(page.context());
  if (origin === undefined) throw new Error('this page was not opened by newPerson');
  return origin;
}

async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: program(),
    args: [
      // Tests run as root in a container, where Chromium's own sandbox cannot be had, and /dev/shm may be small.
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--font-render-hinting=none',
      // The server's CA is made at its first start. Shared workers do not heed what a context says of certificates.
      '--ignore-certificate-errors',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
}

function program(): string {
  const found = (process.env['PATH'] ?? '').split(delimiter).map((dir) => join(dir, 'chromium'));
  const path = found.find((candidate) => existsSync(candidate));
  if (path !== undefined) return path;
  throw new Error('This suite needs chromium on the PATH; on Debian: apt-get install chromium fonts-noto-cjk');
}

async function newContext(browser: Browser, url: string, { language, theme, width }: Look): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: url,
    ignoreHTTPSErrors: true,
    locale: language === 'zh' ? 'zh-CN' : 'en-US',
    timezoneId: 'Asia/Shanghai',
    colorScheme: theme,
    viewport: { width, height: heights[width] ?? 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  // A machine with two cores has more to do than this.
  context.setDefaultTimeout(20_000);
  return context;
}

/** Opens a page and waits until it shows what it has. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path, { waitUntil: 'domcontentloaded' });
  await settled(page);
}

/** Waits until the page has a heading and nothing on it says that it is still loading. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main, .open').locator('h1, h2').filter({ visible: true }).first().waitFor();
  await page.locator('sw-loading, [aria-busy="true"]').first().waitFor({ state: 'detached' });
}

/** Changes the theme of the whole machine under the page, and waits until the page follows. Throws when it does not. */
export async function wear(page: Page, theme: Look['theme']): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.locator(`html.wa-${theme}`).waitFor({ state: 'attached', timeout: 3000 });
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Signs in through the form, as a person does, from whatever page asks for it. */
export async function signIn(page: Page, { username, password }: Credentials): Promise<void> {
  const name = page.locator('input[autocomplete~="username"]');
  if (!page.url().startsWith('http') || (await name.count()) === 0) await page.goto('/sign-in', { waitUntil: 'domcontentloaded' });
  await name.fill(username);
  const secret = page.locator('input[autocomplete="current-password"]');
  await secret.fill(password);
  await secret.press('Enter');
  await name.waitFor({ state: 'detached' });
  await settled(page);
}

/** Gives a page the cookie of a person without the form, where signing in is not what is looked at. */
export async function enter(page: Page, { username, password }: Credentials): Promise<void> {
  const reply = await page.request.post('/api/v1/session', { data: { username, password } });
  if (!reply.ok()) throw new Error(`${username} could not sign in: ${reply.status()} ${await reply.text()}`);
}

/** Keeps what the page looks like in STACKWARDEN_REPORTS/screenshots; nowhere when that is not set. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const reports = process.env['STACKWARDEN_REPORTS'];
  if (!reports) return;
  const dir = join(reports, 'screenshots');
  mkdirSync(dir, { recursive: true });
  await page.screenshot({ path: join(dir, `${name}.png`), animations: 'disabled' });
}

/** What axe finds serious or critical on the page, a sentence each; all it knows, or some rules of it. */
export async function axe(page: Page, rules?: readonly string[]): Promise<string[]> {
  const builder = new AxeBuilder({ page }).setLegacyMode();
  // A label that is there for ears only counts as none in `label-title-only`, whose name is right by WCAG: a filter shows what it is by its value.
  const { violations } = await (rules ? builder.withRules([...rules]) : builder.disableRules('label-title-only')).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, impact, nodes }) =>
      nodes.map(({ target, failureSummary }) => {
        const why = (failureSummary ?? '').split('\n').slice(1).join(';').replaceAll(/\s+/g, ' ').trim();
        return `${help} (${id}, ${impact}) at ${target.flat().join(' >> ')}: ${why}`;
      }),
    );
}

/** How many CSS pixels the page is wider than the window, or what it shows wider than the frame around it; 0 when nobody has to scroll sideways. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate<number>(`(() => {
    const frame = document.querySelector('sw-app')?.shadowRoot?.querySelectorAll('main, .open') ?? [];
    return Math.max(...[document.documentElement, ...frame].map((box) => box.scrollWidth - box.clientWidth));
  })()`);
}
