import type { FastifyRequest } from 'fastify';
import type { Address } from '../shared/lead.ts';
import type { Terminals } from './parts.ts';
import { homeOf } from './tend-rows.ts';

/** Requests about a terminal that only the process it lives in can answer. Recordings are in the database. */
const ofHome = /^\/api\/v1\/terminals\/([0-9a-f-]{36})(?:\/?|\/(?:tickets|stream|files(?:\/.*)?))$/;

/** Where the terminal lives that a request is about, when that is another process. */
export function findHome({ live, rows }: Pick<Terminals, 'live' | 'rows'>): (request: FastifyRequest) => Promise<Address | undefined> {
  return async ({ url }) => {
    const id = ofHome.exec(url.split('?', 1)[0] ?? '')?.[1];
    if (id === undefined || live.find(id)) return undefined;
    const row = await rows.get(id);
    const home = row && row.state !== 'ended' ? homeOf(row) : undefined;
    return home && home.id !== live.home?.id ? home : undefined;
  };
}
