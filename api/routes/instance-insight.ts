import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import * as diagnostics from '#controller/openstack/compute/diagnostics.ts';
import * as instanceActions from '#controller/openstack/compute/instance-actions.ts';
import { consoleLog } from '#controller/openstack/compute/server-actions.ts';
import { isOpenStackError } from '#controller/openstack/errors.ts';
import { problemOf } from '#controller/operations/problem.ts';
import { sourceOf } from '../auth/denials.ts';
import { forbid } from '../auth/gate.ts';
import { type ActionContext, checkStrictly } from './action-request.ts';
import * as schema from './instance-insight-schema.ts';
import { resourceParams } from './operations-schema.ts';
import { problem } from './problem.ts';
import { findResource, type ResourcePath } from './seen-resource.ts';

interface EventsQuery {
  readonly limit: number;
  readonly cursor?: string;
}

/**
 * `GET /api/v1/resources/server/CLUSTER/ID/console-log`, `/events` and `/diagnostics`: what no sweep asks for, asked of the cloud when somebody
 * looks. MUST stand where the gate stands.
 */
export const instanceInsightRoutes: FastifyPluginAsync<ActionContext> = async (app, context) => {
  checkStrictly(app);
  const isNews = createReads(context);
  const config = { access: 'signed-in' } as const;

  app.get<{ Params: ResourcePath; Querystring: { lines: number } }>(
    '/api/v1/resources/:type/:cluster/:id/console-log',
    { schema: { params: resourceParams, querystring: schema.consoleQuery }, config },
    async (request, reply) => {
      const found = await instanceOf(context, request, reply, 'console');
      if (!found) return reply;
      const { seen, compute } = found;
      const decision = request.may('instance.console', seen.place);
      if (!decision.allowed) return await forbid(request, reply, decision);
      if (isNews(request)) await recordRead(context, request, seen.name);
      try {
        return { log: await consoleLog(compute, request.params.id, request.query.lines) };
      } catch (error) {
        const { status, title, detail, requestIds } = problemOf(error, []);
        return problem(reply, status, title, detail, { ...(requestIds && { requestIds }) });
      }
    },
  );

  app.get<{ Params: ResourcePath; Querystring: EventsQuery }>(
    '/api/v1/resources/:type/:cluster/:id/events',
    { schema: { params: resourceParams, querystring: schema.eventsQuery, response: schema.eventsAnswer }, config },
    async (request, reply) => {
      const found = await instanceOf(context, request, reply, 'log of actions');
      if (!found) return reply;
      const { client, compute } = found;
      const { limit, cursor } = request.query;
      const { id } = request.params;
      const [own, actions] = await Promise.all([
        client.authenticate(),
        instanceActions.list(compute, id, { limit, ...(cursor !== undefined && { marker: cursor }) }),
      ]);
      const items = await Promise.all(
        actions.map(async (action) => presentAction(action, await eventsOf(compute, id, action), own.userId)),
      );
      const next = items.length === limit ? items.at(-1)?.requestId : undefined;
      return { items, ...(next !== undefined && { next }) };
    },
  );

  app.get<{ Params: ResourcePath }>(
    '/api/v1/resources/:type/:cluster/:id/diagnostics',
    { schema: { params: resourceParams, response: schema.diagnosticsAnswer }, config },
    async (request, reply) => {
      const found = await instanceOf(context, request, reply, 'diagnostics');
      if (!found) return reply;
      try {
        const figures = await diagnostics.get(found.compute, request.params.id);
        return presentDiagnostics(figures, context.clock.now());
      } catch (error) {
        return refusedFigures(error, found.seen.name || request.params.id, reply);
      }
    },
  );
};

/** The instance of the path and how to ask its cloud; undefined when the reply says why not. */
async function instanceOf(context: ActionContext, request: FastifyRequest<{ Params: ResourcePath }>, reply: FastifyReply, what: string) {
  const found = await findResource(context, request, reply);
  if (!found) return undefined;
  const { seen, world, type } = found;
  if (type !== 'server') return void problem(reply, 404, 'NotFound', `A ${type} has no ${what}; only a server has.`);
  const cloud = world.clouds.look(request.params.cluster);
  if ('reason' in cloud) return void problem(reply, 409, cloud.reason, cloud.message);
  return { seen, client: cloud.client, compute: cloud.client.compute };
}

/** Who follows a log reads it every few seconds; that is one thing somebody did, told once in a while. */
const readAgainMs = 10 * 60_000;

/** Whether the audit has to be told that somebody reads a console log. */
function createReads({ clock }: ActionContext): (request: FastifyRequest<{ Params: ResourcePath }>) => boolean {
  const told = new Map<string, number>();
  return ({ identity, params }) => {
    const now = clock.now();
    for (const [key, at] of told) if (now - at >= readAgainMs) told.delete(key);
    const key = [identity.user, identity.session, params.cluster, params.id].join(' ');
    if (told.has(key)) return false;
    told.set(key, now);
    return true;
  };
}

async function recordRead({ audit }: ActionContext, request: FastifyRequest<{ Params: ResourcePath }>, name: string): Promise<void> {
  const { cluster, id } = request.params;
  await audit.record({
    type: 'ConsoleRead',
    actor: request.identity.user,
    cluster,
    cloudId: id,
    changes: [],
    result: 'ok',
    message: `The console log of ${name || id} was read.`,
    requestIds: [],
    source: sourceOf(request),
  });
}

type Compute = Parameters<typeof instanceActions.get>[0];

/** A log entry whose events cannot be had is shown without; the rest of the log is not lost for it. */
async function eventsOf(compute: Compute, id: string, { request_id }: instanceActions.InstanceAction) {
  try {
    return (await instanceActions.get(compute, id, request_id)).events ?? [];
  } catch (error) {
    if (isOpenStackError(error) && error.kind === 'http') return [];
    throw error;
  }
}

function presentAction(
  { action, request_id, user_id, start_time, message }: instanceActions.InstanceAction,
  found: readonly instanceActions.InstanceActionEvent[],
  ownUser: string | undefined,
) {
  const events = found
    .map(({ event, start_time: start, finish_time: finish, result, host, details }) => ({
      event,
      startedAt: utc(start),
      finishedAt: utc(finish),
      result,
      ...(host && { host }),
      ...(details && { details }),
    }))
    .toSorted((a, b) => String(a.startedAt).localeCompare(String(b.startedAt)));
  const isOver = events.length > 0 && events.every(({ finishedAt }) => finishedAt !== null);
  const hasFailed = Boolean(message) || events.some(({ result }) => result === 'Error');
  return {
    action,
    requestId: request_id,
    userId: user_id,
    byUs: user_id !== null && user_id === ownUser,
    startedAt: utc(start_time),
    finishedAt: isOver ? lastOf(events.map(({ finishedAt }) => finishedAt ?? '')) : null,
    result: hasFailed ? 'Error' : isOver ? 'Success' : null,
    message: message ?? null,
    events,
  };
}

/** RFC 3339 in one zone is in order as text. */
function lastOf(times: readonly string[]): string {
  return times.reduce((last, time) => (time > last ? time : last), '');
}

/** Nova says its times without a zone, and means UTC. */
function utc(time: string | null): string | null {
  return time === null ? null : time.replace(/(\.\d+)?Z?$/, 'Z');
}

function presentDiagnostics(figures: diagnostics.Diagnostics, now: number) {
  return {
    at: new Date(now).toISOString(),
    state: figures.state,
    hypervisor: figures.hypervisor,
    uptimeSeconds: figures.uptime,
    memory: { maximumMiB: figures.memory_details.maximum, usedMiB: figures.memory_details.used },
    cpus: figures.cpu_details.map(({ id, time, utilisation }) => ({ id, timeNs: time, utilisation })),
    nics: figures.nic_details.map((nic) => ({
      mac: nic.mac_address,
      rxBytes: nic.rx_octets,
      rxPackets: nic.rx_packets,
      rxErrors: nic.rx_errors,
      rxDrops: nic.rx_drop,
      txBytes: nic.tx_octets,
      txPackets: nic.tx_packets,
      txErrors: nic.tx_errors,
      txDrops: nic.tx_drop,
    })),
    disks: figures.disk_details.map((disk) => ({
      readBytes: disk.read_bytes,
      readRequests: disk.read_requests,
      writeBytes: disk.write_bytes,
      writeRequests: disk.write_requests,
      errors: disk.errors_count,
    })),
  };
}

/** Three refusals that a person can tell apart and act on; all else is told as of any call. */
function refusedFigures(error: unknown, name: string, reply: FastifyReply): FastifyReply {
  if (!isOpenStackError(error) || error.kind !== 'http') throw error;
  const { cloud, service, status, requestId } = error;
  const upstream = { upstream: { cloud, service, status, ...(requestId !== undefined && { requestId }) } };
  if (status === 403) {
    const detail = `Cloud ${cloud} shows the figures of instances to its administrators alone; its policy os_compute_api:os-server-diagnostics says so.`;
    return problem(reply, 409, 'HiddenByCloud', detail, upstream);
  }
  if (status === 409) return problem(reply, 409, 'NotRunning', `${name} does not run, so nothing is counted; start it first.`, upstream);
  if (status === 501 || status === 400)
    return problem(reply, 501, 'UnsupportedByCloud', `The hypervisor that ${name} is on counts nothing that can be shown.`, upstream);
  throw error;
}
