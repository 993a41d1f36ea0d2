import { randomUUID } from 'node:crypto';
import type { AuditEntry } from '#controller/engine/ports.ts';
import { decide } from '../auth/decide.ts';
import { createTerminalMetrics } from './metrics.ts';
import type { TerminalParts, TerminalsDeps } from './parts.ts';
import type { RecordingPolicy, Target, Wanted } from './ports.ts';
import type { EndReason, TerminalEnd, TicketPurpose } from './protocol.ts';
import { recordDeed, type TerminalDeed } from './record.ts';
import { keepRights } from './rights.ts';
import type { Home, TerminalRows } from './rows.ts';
import { ScreenSide } from './screen-side.ts';
import type { SideHost } from './side.ts';
import { tendRows } from './tend-rows.ts';
import { Terminal, type TerminalFacts } from './terminal.ts';
import { TextSide } from './text-side.ts';
import { createTickets, type Tickets } from './tickets.ts';
import { type Presence, type Viewer } from './viewer.ts';

/** The terminals that live in this process. */
export interface LiveTerminals {
  /** Undefined before `begin`. */
  readonly home: Home | undefined;
  find(id: string): Terminal | undefined;
  readonly all: readonly Terminal[];
  readonly tickets: Tickets;
  /** Why none can be made, in words; undefined when one can. */
  refusal(target: Target, wanted: Wanted, owner: Pick<Presence, 'identity'>): Promise<Refusal | undefined>;
  /** Makes one, which waits for its page. MUST be asked `refusal` before. */
  make(target: Target, wanted: Wanted, owner: Presence): Promise<Terminal>;
  /** A ticket to a terminal, for whoever asks. */
  ticketFor(terminal: Terminal, purpose: TicketPurpose, bearer: Presence): { readonly ticket: string; readonly expiresAt: number };
  /** Called once the address of this process is known: takes care of what earlier and other processes left. */
  begin(home: Home): Promise<void>;
  /** Ends all, and stores what there is to store; within 15 s. */
  stop(): Promise<void>;
}

/** A problem: status, title of the table in http/problems.ts, and words. */
export interface Refusal {
  readonly status: 409 | 429 | 501 | 503;
  readonly title: 'TerminalNotOffered' | 'NotRecordable' | 'TooManyTerminals';
  readonly detail: string;
}

type Options = TerminalsDeps & { readonly rows: TerminalRows; readonly parts: TerminalParts };

/** Of one process. */
const most = 300;
const stopMs = 15_000;
const failures: readonly EndReason[] = ['lost', 'unreachable', 'sign-in-failed', 'not-recorded'];
const denials: readonly EndReason[] = ['revoked', 'host-key-unknown', 'host-key-changed'];

export function createLiveTerminals(options: Options): LiveTerminals {
  const { rows, parts, settings, clock, audit, log, metrics, rights } = options;
  const { openers, createScreen, startRecording } = parts;
  const terminals = new Map<string, Terminal>();
  const tickets = createTickets(() => clock.now());
  const counts = createTerminalMetrics(metrics.registry, () => [...terminals.values()].map(({ facts }) => facts.wanted.purpose));
  const ends: (() => void)[] = [];
  let home: Home | undefined;
  let isStopping = false;

  const policyOf = async (cluster: string): Promise<RecordingPolicy> => (await parts.recordingPolicy?.(cluster)) ?? settings.recording;
  const failed = (id: string) => (error: unknown) => log('warn', 'a terminal met an error', { terminal: id, error });

  /** The audit must not hold a terminal up, nor take it down. */
  const record = (
    { id, target }: TerminalFacts,
    { presence, ...deed }: { type: TerminalDeed; presence: Presence; message: string; result?: AuditEntry['result'] },
  ) =>
    recordDeed(audit, {
      ...deed,
      target,
      actor: presence.identity.user,
      message: `${deed.message} (terminal ${id})`,
      source: sourceOf(presence),
    }).catch(failed(id));

  function makeSide(facts: TerminalFacts, host: SideHost, isRecorded: boolean) {
    const { id, target, wanted, owner } = facts;
    const onError = failed(id);
    if (wanted.purpose === 'vnc') return new ScreenSide(host, { target, open: present(openers.vnc), onError });
    return new TextSide(host, {
      id,
      target,
      wanted,
      actor: owner.identity.user,
      open: present(openers[wanted.purpose]),
      createScreen: present(createScreen),
      startRecording: isRecorded ? present(startRecording) : undefined,
      clock,
      onError,
    });
  }

  async function ended(terminal: Terminal, end: TerminalEnd): Promise<void> {
    const { facts, presence, remote } = terminal;
    terminals.delete(facts.id);
    tickets.drop(facts.id);
    counts.ended(end.reason);
    await rows.ended(facts.id, end, clock.now()).catch(failed(facts.id));
    const result = failures.includes(end.reason) ? 'failed' : denials.includes(end.reason) ? 'denied' : 'ok';
    const where = remote.label === '' ? nameOf(facts) : `${nameOf(facts)}, ${remote.label},`;
    await record(facts, { type: 'TerminalEnded', presence, message: `${where} ended: ${end.reason}. ${end.detail}`, result });
  }

  function start(facts: TerminalFacts, isRecorded: boolean): Terminal {
    const terminal: Terminal = new Terminal(facts, {
      clock,
      settings,
      makeSide: (host) => makeSide(facts, host, isRecorded),
      mayAccept: ({ identity }) => decide(identity, 'terminal.configure', { cluster: facts.target.cluster, namespace: '*' }).allowed,
      opened() {
        counts.opened();
        const { label } = terminal.remote;
        void rows.opened(facts.id, label, clock.now()).catch(failed(facts.id));
        void record(facts, { type: 'TerminalOpened', presence: terminal.presence, message: `${nameOf(facts)} opened at ${label}.` });
      },
      ended: (end) => ended(terminal, end),
      watched({ presence, user }, isThere) {
        const message = `${user} ${isThere ? 'watches' : 'no longer watches'} ${nameOf(facts)} of ${facts.owner.identity.user}.`;
        void record(facts, { type: isThere ? 'TerminalWatched' : 'TerminalLeft', presence, message });
      },
      overstepped({ presence, user }: Viewer, what) {
        const message = `${user} has a ticket to watch ${nameOf(facts)}, and tried more: ${what}.`;
        void record(facts, { type: 'TerminalRefused', presence, message, result: 'denied' });
      },
    });
    terminals.set(facts.id, terminal);
    return terminal;
  }

  return {
    tickets,
    get home() {
      return home;
    },
    find: (id) => terminals.get(id),
    get all() {
      return [...terminals.values()];
    },
    async refusal(target, { purpose }, { identity: { user } }) {
      const isText = purpose !== 'vnc';
      const policy = await policyOf(target.cluster);
      const isRecorded = isText && policy !== 'off';
      if (!openers[purpose] || (isText && !createScreen) || (isRecorded && !startRecording))
        return { status: 501, title: 'TerminalNotOffered', detail: `This server opens no terminals of purpose ${purpose}.` };
      if (!isText && policy === 'all')
        return {
          status: 409,
          title: 'NotRecordable',
          detail: `Cluster ${target.cluster} asks that everything is recorded, and a screen cannot be. Use the serial console or SSH.`,
        };
      const [own, there] = await Promise.all([rows.liveOf(user), rows.liveTo(target.cluster, target.serverId)]);
      if (isStopping || terminals.size >= most) return tooMany(`This server has ${terminals.size} terminals open, which is all it bears.`);
      if (own >= settings.perPerson)
        return tooMany(`You have ${own} terminals open, which is the most one person may have. End one first.`);
      if (there >= settings.perTarget)
        return tooMany(`${target.name} has ${there} terminals open, which is the most there may be to one instance.`);
      return undefined;
    },
    async make(target, wanted, owner) {
      const facts = { id: randomUUID(), target, wanted, owner, createdAt: clock.now() };
      const { identity, address } = owner;
      const isRecorded = wanted.purpose !== 'vnc' && (await policyOf(target.cluster)) !== 'off';
      await rows.insert({
        id: facts.id,
        purpose: wanted.purpose,
        user: identity.user,
        userId: identity.userId ?? null,
        session: identity.session ?? null,
        address,
        cluster: target.cluster,
        namespace: target.place.namespace === '*' ? '' : target.place.namespace,
        serverId: target.serverId,
        serverName: target.name.slice(0, 255),
        createdAt: facts.createdAt,
        home: home ?? {},
        seenAt: facts.createdAt,
      });
      return start(facts, isRecorded);
    },
    ticketFor: ({ facts }, purpose, { identity, address }) =>
      tickets.issue({ terminal: facts.id, purpose, user: identity.user, session: identity.session, address }),
    async begin(where) {
      home = where;
      ends.push(keepRights({ terminals: () => [...terminals.values()], world: () => options.world(), clock, rights, log }));
      const { recoverRecording } = parts;
      ends.push(
        await tendRows({
          rows,
          home: where,
          live: () => [...terminals.keys()],
          clock,
          log,
          audit,
          ...(recoverRecording && { recoverRecording: (id: string) => recoverRecording(id) }),
        }),
      );
    },
    async stop() {
      isStopping = true;
      for (const end of ends.splice(0)) end();
      const end: TerminalEnd = { reason: 'shutdown', detail: 'This process of the server ends.' };
      let cancel: () => void = () => undefined;
      const late = new Promise<void>((done) => {
        const timer = setTimeout(done, stopMs);
        cancel = () => clearTimeout(timer);
      });
      await Promise.race([late, Promise.all([...terminals.values()].map((terminal) => terminal.end(end)))]);
      cancel();
    },
  };
}

/** Whence somebody came, for the audit. */
export function sourceOf({ identity, address }: Presence): { address: string; session?: string } {
  return { address, ...(identity.session !== undefined && { session: identity.session }) };
}

/** A terminal as people are told of it. */
export function nameOf({ target, wanted }: Pick<TerminalFacts, 'target' | 'wanted'>): string {
  const kind = { ssh: 'SSH', serial: 'Serial console', vnc: 'Screen' }[wanted.purpose];
  return `${kind} of ${target.name}`;
}

function tooMany(detail: string): Refusal {
  return { status: 429, title: 'TooManyTerminals', detail };
}

function present<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('A part is missing that refusal() asks for.');
  return part;
}
