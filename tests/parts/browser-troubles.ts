import type { Page } from 'playwright-core';

interface Watched {
  readonly found: string[];
  readonly allowed: RegExp[];
}

const pages = new Map<Page, Watched>();

/** How the web learns that nobody is signed in. */
const asked = /^answer: GET \/api\/v1\/session answered 401$/;

/**
 * Keeps what goes wrong on a page without anybody seeing it: errors on the console (among them what the content security policy refused),
 * exceptions, answers that are failures, and requests to anywhere but `url`.
 */
export function watchForTroubles(page: Page, url: string): void {
  const watched: Watched = { found: [], allowed: [asked] };
  pages.set(page, watched);
  const origin = new URL(url).origin;
  const pathOf = (address: string) => (address.startsWith(origin) ? address.slice(origin.length) : address);
  page.on('console', (message) => {
    // Answers that are failures are told with method and path below.
    if (message.type() !== 'error' || message.text().startsWith('Failed to load resource')) return;
    watched.found.push(`console: ${message.text()} (${pathOf(message.location().url)})`);
  });
  page.on('pageerror', (error) => watched.found.push(`exception: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    if (!/^(?:data|blob):/.test(request.url()) && new URL(request.url()).origin !== origin)
      watched.found.push(`request to outside: ${request.method()} ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400)
      watched.found.push(`answer: ${response.request().method()} ${pathOf(response.url())} answered ${response.status()}`);
  });
}

/** From now on what fits is no trouble on this page: a test that provokes a refusal names it. */
export function allowTrouble(page: Page, ...fitting: readonly RegExp[]): void {
  pages.get(page)?.allowed.push(...fitting);
}

/** The troubles of a page since they were last taken. */
export function takeTroubles(page: Page): string[] {
  const { found, allowed } = pages.get(page) ?? { found: [], allowed: [] };
  return found.splice(0).filter((trouble) => !allowed.some((pattern) => pattern.test(trouble)));
}

/** The same of all pages; those that are closed are forgotten. */
export function takeAllTroubles(): string[] {
  const troubles = [...pages.keys()].flatMap(takeTroubles);
  for (const page of pages.keys()) if (page.isClosed()) pages.delete(page);
  return troubles;
}
