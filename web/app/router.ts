import { Stored } from '../data/stored.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';
import { keepingScope, rememberedScope, scopeIn, setScope, withScope } from './scope.ts';

/** Where the browser is: the route that fits, what its path names, and the query, which holds the state of the page. */
export interface Location {
  /** Undefined: no page has this address. */
  readonly route: Route | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly path: string;
}

export const here = new Stored<Location>(locate(new URL(window.location.href)));

let leaving: (() => void) | undefined;
let cameBack = false;

/** Has something done before each step to another address. */
export function beforeLeaving(call: () => void): void {
  leaving = call;
}

/** Whether the page is shown because of a step back or forward. */
export const isBack = (): boolean => cameBack;

/** Changes of a query; undefined and '' take the parameter away. */
export type QueryChange = Readonly<Record<string, string | undefined>>;

/** Goes to an address inside the web. `replace`: without a step for Back. */
export function navigate(to: string, { replace = false } = {}): void {
  const url = addressOf(new URL(to, window.location.href));
  if (url.href === window.location.href) return;
  if (replace) history.replaceState(history.state, '', url);
  else {
    leaving?.();
    history.pushState(null, '', url);
  }
  cameBack = false;
  here.set(locate(url));
}

/** With the clusters in view, but for pages that are open to nobody known. */
function addressOf(wanted: URL): URL {
  if (locate(wanted).route?.isOpen) return wanted;
  const url = keepingScope(wanted);
  setScope(scopeIn(url.searchParams));
  return url;
}

/** Changes the state of the page in the address; steps of Back only where a person would expect one. */
export function setQuery(change: QueryChange, { replace = true } = {}): void {
  navigate(withQuery(change), { replace });
}

/** Looks at these clusters only; none: at all. A page of another query begins anew where a place in the old one made sense. */
export function lookAt(clusters: readonly string[]): void {
  setScope(clusters);
  const url = withScope(new URL(window.location.href), clusters);
  if (url.href === window.location.href) return;
  history.pushState(null, '', url);
  here.set(locate(url));
}

/** The address of this page with another query. */
export function withQuery(change: QueryChange): string {
  const url = new URL(window.location.href);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === '') url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.pathname + url.search + url.hash;
}

/** Follows links and Back from now on. */
export function startRouter(): void {
  begin();
  window.addEventListener('popstate', () => {
    const url = new URL(window.location.href);
    setScope(scopeIn(url.searchParams));
    cameBack = true;
    here.set(locate(url));
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((one): one is HTMLAnchorElement => one instanceof HTMLAnchorElement);
    if (!link?.href || link.target !== '' || link.hasAttribute('download') || link.origin !== window.location.origin) return;
    if (!isOfWeb(link.pathname)) return;
    event.preventDefault();
    navigate(link.href);
  });
}

/** What the address names is in view; where it names nothing, what was in view last. */
function begin(): void {
  const url = new URL(window.location.href);
  if (url.searchParams.has('clusters')) return setScope(scopeIn(url.searchParams));
  setScope(rememberedScope());
  const scoped = addressOf(url);
  if (scoped.href === url.href) return;
  history.replaceState(history.state, '', scoped);
  here.set(locate(scoped));
}

/** What the server itself answers at this origin is no page of the web. */
function isOfWeb(path: string): boolean {
  return !/^\/(?:api|apis|openapi|problems|metrics|healthz|readyz|livez)(?:\/|$)/.test(path);
}

/** Pure: the page of an address. */
export function locate(url: URL): Location {
  for (const route of routes) {
    const found = new URLPattern({ pathname: route.path }).exec({ pathname: url.pathname });
    if (!found) continue;
    const params = Object.entries(found.pathname.groups).map(([name, value]) => [name, decodeURIComponent(value ?? '')]);
    return { route, params: Object.fromEntries(params) as Record<string, string>, query: url.searchParams, path: url.pathname };
  }
  return { route: undefined, params: {}, query: url.searchParams, path: url.pathname };
}
