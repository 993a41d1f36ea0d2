import type { FastifyRequest } from 'fastify';
import type { Place } from '../auth/decide.ts';
import type { Present } from './protocol.ts';
import { isOwn, type TerminalRow } from './rows.ts';

/** Where one needs a permission for the terminals of an instance. */
export function placeOf({ cluster, namespace }: Pick<TerminalRow, 'cluster' | 'namespace'>): Place {
  return { cluster, namespace: namespace === '' ? '*' : namespace };
}

/** Whether somebody may know of a terminal at all. */
export function maySee(request: FastifyRequest, row: TerminalRow): boolean {
  const place = placeOf(row);
  const seen = request.may('terminal.watch', place).allowed || request.may('recording.read', place).allowed;
  return seen || isOwn(row, request.identity);
}

/** A terminal as the API shows it, with what whoever asks may do with it. */
export function presentTerminal(request: FastifyRequest, row: TerminalRow, { now, people }: { now: number; people?: readonly Present[] }) {
  const isMine = isOwn(row, request.identity);
  const isLive = row.state !== 'ended';
  const mayWatch = request.may('terminal.watch', placeOf(row)).allowed;
  const isThere = row.recording !== 'none' && row.recording !== 'removed';
  const mayReplay = isThere && request.may(isMine ? 'recording.readOwn' : 'recording.read', placeOf(row)).allowed;
  const endedAt = row.endedAt ?? now;
  return {
    id: row.id,
    purpose: row.purpose,
    user: row.user,
    cluster: row.cluster,
    namespace: row.namespace,
    serverId: row.serverId,
    serverName: row.serverName,
    remote: row.remote,
    state: row.state,
    createdAt: time(row.createdAt),
    openedAt: time(row.openedAt),
    endedAt: time(row.endedAt),
    endReason: row.endReason,
    endDetail: row.endDetail,
    recording: row.recording,
    durationMs: row.openedAt === null ? 0 : Math.max(0, endedAt - row.openedAt),
    bytes: row.bytes,
    isMine,
    ...(people && { people }),
    mayAttach: isLive && isMine,
    mayWatch: isLive && mayWatch && row.purpose !== 'vnc',
    mayEnd: isLive && (isMine || mayWatch),
    mayReplay,
  };
}

function time(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
