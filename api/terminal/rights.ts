import type { Clock } from '#controller/engine/ports.ts';
import type { World } from '../actions/world.ts';
import { decide, type Place } from '../auth/decide.ts';
import type { Permission } from '../auth/permissions.ts';
import type { Rights } from '../auth/rights.ts';
import type { Log } from '../log.ts';
import type { Target } from './ports.ts';
import type { TerminalEnd, TerminalPurpose } from './protocol.ts';
import { targetOf } from './target.ts';
import type { Terminal } from './terminal.ts';
import type { Presence } from './viewer.ts';

export interface RightsOptions {
  readonly terminals: () => readonly Terminal[];
  readonly world: () => World | undefined;
  readonly rights: Rights;
  readonly clock: Clock;
  readonly log: Log;
}

const everyMs = 15_000;
/** So many looks in a row may fail, as when the database is away, before nobody is trusted any more. */
const mostFailures = 4;

/** What opening a terminal needs, at the place of its instance. */
export function permissionFor(purpose: TerminalPurpose): Permission {
  return purpose === 'ssh' ? 'instance.terminal' : 'instance.console';
}

/**
 * Looks every 15 s, and at once when rights change, whether everybody at a terminal is still who they were and may still be there, and whether
 * its instance is still there under the address it is connected to. The returned function ends it.
 */
export function keepRights({ terminals, world, rights, clock, log }: RightsOptions): () => void {
  const failed = new WeakMap<Terminal, number>();
  let isRunning = false;
  let isWanted = false;
  let isOver = false;
  let cancel: () => void = () => undefined;

  async function look(terminal: Terminal): Promise<void> {
    try {
      await check(terminal, world());
      failed.delete(terminal);
    } catch (error) {
      const count = (failed.get(terminal) ?? 0) + 1;
      failed.set(terminal, count);
      log('warn', 'the rights of a terminal could not be looked at', { terminal: terminal.facts.id, error });
      const detail = 'Whether you may still be here could not be found out for a minute.';
      if (count >= mostFailures) await terminal.end({ reason: 'revoked', detail });
    }
  }

  /** One round after the other; whoever asks meanwhile gets a round of their own. */
  async function round(): Promise<void> {
    isWanted = isRunning;
    if (isRunning || isOver) return;
    isRunning = true;
    await Promise.all(terminals().map(look));
    isRunning = false;
    if (isWanted) await round();
  }

  const tick = () => {
    void round();
    cancel = clock.after(everyMs, tick);
  };
  cancel = clock.after(everyMs, tick);
  const unhear = rights.onChange(() => void round());
  return () => {
    isOver = true;
    cancel();
    unhear();
  };
}

async function check(terminal: Terminal, world: World | undefined): Promise<void> {
  const { facts, presence } = terminal;
  const { target, wanted } = facts;
  const found = world && targetOf(world, target.cluster, target.serverId);
  if (world && !found) return terminal.end({ reason: 'target-gone', detail: `${target.name} is no longer in its cloud.` });
  // A cloud that is not seen now, or by this process no more, may hold it still.
  const seen: Target = found && !('unknown' in found) ? found : target;
  const { address } = terminal.remote;
  if (address !== undefined && !seen.addresses.some((one) => one.address === address))
    return terminal.end({ reason: 'target-gone', detail: `${address} is no longer an address of ${target.name}.` });
  const isUnattended = !terminal.wasUsed();
  const why = await lost(presence, permissionFor(wanted.purpose), seen.place, isUnattended);
  if (why) return terminal.end(why);
  for (const viewer of terminal.watchers) if (await lost(viewer.presence, 'terminal.watch', seen.place, true)) terminal.expel(viewer);
  return undefined;
}

async function lost(
  { identity, again }: Presence,
  permission: Permission,
  place: Place,
  isUnattended: boolean,
): Promise<TerminalEnd | undefined> {
  const now = await again({ isUnattended });
  if (!now || now.user !== identity.user || now.userId !== identity.userId || now.session !== identity.session)
    return { reason: 'revoked', detail: `The session or token of ${identity.user} has ended.` };
  const decision = decide(now, permission, place);
  return decision.allowed ? undefined : { reason: 'revoked', detail: decision.reason };
}
