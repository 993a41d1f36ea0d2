import type { Answer, ScopedCall } from '../call.ts';
import type { Server } from '../store.ts';
import { findServer } from './states.ts';

/** Names Nova's log has for actions whose key in a request is another. */
const logged: Readonly<Record<string, string>> = {
  'os-stop': 'stop',
  'os-start': 'start',
  'os-migrateLive': 'live-migration',
};

/** Remembers who asked for what, as Nova does for whatever its compute hosts carry out. */
export function logAction(call: ScopedCall, server: Server, name: string): void {
  server.actions.unshift({
    action: logged[name] ?? name,
    requestId: call.requestId,
    userId: call.token.userId,
    projectId: call.token.projectId,
    startedAt: call.world.clock.now(),
  });
}

export const instanceActionRoutes = {
  'GET /servers/:id/os-instance-actions': (call: ScopedCall): Answer => {
    const server = findServer(call);
    const instanceActions = server.actions.slice(0, Number(call.query.get('limit') ?? 1000)).map((one) => ({
      action: one.action,
      instance_uuid: server.id,
      request_id: one.requestId,
      user_id: one.userId,
      project_id: one.projectId,
      start_time: `${new Date(one.startedAt).toISOString().slice(0, 19)}.000000`,
      message: null,
      ...(call.minor >= 58 && { updated_at: `${new Date(one.startedAt).toISOString().slice(0, 19)}.000000` }),
    }));
    return { status: 200, body: { instanceActions } };
  },
};
