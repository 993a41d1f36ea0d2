import type { Answer, ScopedCall } from '../call.ts';
import { refuse } from '../fault-bodies.ts';
import type { InstanceAction, Server } from '../store.ts';
import { toMicroseconds } from '../world.ts';
import { findServer } from './states.ts';

/** Names Nova's log has for actions whose key in a request is another. */
const logged: Readonly<Record<string, string>> = {
  'os-stop': 'stop',
  'os-start': 'start',
  'os-migrateLive': 'live-migration',
};

/** What Nova's parts call what they do of an action; the rest is `compute_ACTION_instance`. */
const eventNames: Readonly<Record<string, string>> = {
  create: 'compute__do_build_and_run_instance',
  'live-migration': 'compute_live_migration',
  attach_volume: 'compute_attach_volume',
  detach_volume: 'compute_detach_volume',
  attach_interface: 'compute_attach_interface',
  detach_interface: 'compute_detach_interface',
  createImage: 'compute_snapshot_instance',
  changePassword: 'compute_set_admin_password',
  confirmResize: 'compute_confirm_resize',
  revertResize: 'compute_finish_revert_resize',
  lock: 'api_lock',
  unlock: 'api_unlock',
};

/** Remembers who asked for what, as Nova does for whatever its compute hosts carry out. */
export function logAction(call: ScopedCall, server: Server, name: string): void {
  const now = call.world.clock.now();
  server.actions.unshift({
    action: logged[name] ?? name,
    requestId: call.requestId,
    userId: call.token.userId,
    projectId: call.token.projectId,
    startedAt: now,
    // What is done at once has no task to wait for.
    finishedAt: server.taskState === null && server.vmState !== 'building' ? now : null,
  });
}

export const instanceActionRoutes = {
  'GET /servers/:id/os-instance-actions': (call: ScopedCall): Answer => {
    const server = findServer(call);
    const marker = call.query.get('marker');
    const at = marker === null ? -1 : server.actions.findIndex(({ requestId }) => requestId === marker);
    if (marker !== null && at < 0) refuse(400, `marker [${marker}] not found`);
    const page = server.actions.slice(at + 1, at + 1 + Number(call.query.get('limit') ?? 1000));
    return { status: 200, body: { instanceActions: page.map((one) => document(call, server, one)) } };
  },
  'GET /servers/:id/os-instance-actions/:request': (call: ScopedCall): Answer => {
    const server = findServer(call);
    const { request = '' } = call.params;
    const found = server.actions.find(({ requestId }) => requestId === request);
    if (!found) refuse(404, `Action ${request} not found`);
    return { status: 200, body: { instanceAction: { ...document(call, server, found), events: [eventOf(call, server, found)] } } };
  },
};

function document(call: ScopedCall, server: Server, one: InstanceAction): object {
  return {
    action: one.action,
    instance_uuid: server.id,
    request_id: one.requestId,
    user_id: one.userId,
    project_id: one.projectId,
    start_time: toMicroseconds(one.startedAt),
    message: null,
    ...(call.minor >= 58 && { updated_at: toMicroseconds(one.finishedAt ?? one.startedAt) }),
  };
}

function eventOf(call: ScopedCall, server: Server, { action, startedAt, finishedAt }: InstanceAction): object {
  const isAdmin = call.token.roles.includes('admin');
  return {
    event: eventNames[action] ?? `compute_${action}_instance`,
    start_time: toMicroseconds(startedAt),
    finish_time: finishedAt === null ? null : toMicroseconds(finishedAt),
    result: finishedAt === null ? null : 'Success',
    ...(isAdmin && { traceback: null, host: server.host }),
    ...(call.minor >= 62 && { hostId: '' }),
    ...(isAdmin && call.minor >= 84 && { details: null }),
  };
}
