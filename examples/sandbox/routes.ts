import type { Answer, ScopedCall } from './call.ts';

export type Handler = (call: ScopedCall) => Answer;

/** `GET /servers/:id` and the like, with what answers it. */
export type RouteTable = Readonly<Record<string, Handler>>;

interface Route {
  readonly segments: readonly string[];
  readonly handler: Handler;
}

/** Finds the handler of a method and path, and the values of the path's `:names`. Literal segments win over names. */
export interface Router {
  find(method: string, path: string): { handler: Handler; params: Record<string, string> } | undefined;
  /** Whether some method answers this path: tells 404 from 405. */
  knowsPath(path: string): boolean;
}

export function createRouter(table: RouteTable): Router {
  const routes = new Map<string, Route[]>();
  for (const [pattern, handler] of Object.entries(table)) {
    const [method = '', path = ''] = pattern.split(' ');
    const segments = path.split('/').slice(1);
    const key = `${method} ${segments.length}`;
    const sameShape = routes.get(key) ?? [];
    sameShape.push({ segments, handler });
    sameShape.sort((a, b) => names(a) - names(b));
    routes.set(key, sameShape);
  }
  const find = (method: string, path: string) => {
    const parts = path.split('/').slice(1);
    for (const route of routes.get(`${method} ${parts.length}`) ?? []) {
      const params = match(route.segments, parts);
      if (params) return { handler: route.handler, params };
    }
    return undefined;
  };
  return { find, knowsPath: (path) => ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].some((method) => find(method, path)) };
}

function names(route: Route): number {
  return route.segments.filter((segment) => segment.startsWith(':')).length;
}

function match(segments: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? '';
    if (!segment.startsWith(':')) {
      if (segment !== part) return undefined;
      continue;
    }
    if (part === '') return undefined;
    params[segment.slice(1)] = decode(part);
  }
  return params;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
