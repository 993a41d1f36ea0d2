import type { WebSocket } from 'ws';
import type { Clock } from '#controller/engine/ports.ts';
import { FRAME_BYTES, readFrame } from './frames.ts';
import type { Target, Wanted } from './ports.ts';
import type { ClientFrame, Present, ServerFrame, TerminalEnd, TerminalState } from './protocol.ts';
import type { TerminalSettings } from './settings.ts';
import type { AttachFrame, Side, SideHost } from './side.ts';
import { type Due, due } from './times.ts';
import { type Presence, Viewer } from './viewer.ts';
import { wordsOfTime } from './words.ts';

/** What a terminal is, from the time it was asked for. */
export interface TerminalFacts {
  readonly id: string;
  readonly target: Target;
  readonly wanted: Wanted;
  /** Who asked for it, and works in it. */
  readonly owner: Presence;
  readonly createdAt: number;
}

export interface TerminalDeps {
  readonly clock: Clock;
  readonly settings: TerminalSettings;
  makeSide(host: SideHost): Side;
  /** Whether who works there now may accept keys of hosts. */
  mayAccept(presence: Presence): boolean;
  opened(): void;
  /** Once, when everything is stored. */
  ended(end: TerminalEnd): Promise<void>;
  /** Somebody watches, or does so no more. */
  watched(viewer: Viewer, isThere: boolean): void;
  /** Who only watches tried to do more. */
  overstepped(viewer: Viewer, what: string): void;
}

const attachMs = 10_000;

/** One terminal that lives in this process: who is at it, its times, and its end. */
export class Terminal {
  readonly facts: TerminalFacts;
  readonly #deps: TerminalDeps;
  readonly #side: Side;
  readonly #watchers = new Set<Viewer>();
  #worker: Viewer | undefined;
  #state: TerminalState = 'connecting';
  #openedAt: number | undefined;
  #activeAt: number;
  #leftAt: number | undefined;
  #lookedAt: number;
  #warned = '';
  #wasAttached = false;
  #ending: Promise<void> | undefined;
  #cancel: () => void = () => undefined;
  /** Of who works in it, or did last. */
  #presence: Presence;

  constructor(facts: TerminalFacts, deps: TerminalDeps) {
    this.facts = facts;
    this.#deps = deps;
    this.#presence = facts.owner;
    this.#activeAt = facts.createdAt;
    this.#lookedAt = facts.createdAt;
    this.#side = deps.makeSide(this.#host());
    this.#watchTimes();
  }

  get state(): TerminalState {
    return this.#state;
  }

  get presence(): Presence {
    return this.#presence;
  }

  get openedAt(): number | undefined {
    return this.#openedAt;
  }

  get remote(): { readonly label: string; readonly address: string | undefined } {
    return this.#side;
  }

  get people(): readonly Present[] {
    return this.#viewers().map(({ present }) => present);
  }

  get watchers(): readonly Viewer[] {
    return [...this.#watchers];
  }

  files() {
    return this.#side.files();
  }

  /** Somebody is there: they typed, said they stay, or a file moves. */
  touch(): void {
    this.#activeAt = this.#deps.clock.now();
    this.#warned = '';
  }

  /** Whether somebody did something since this was asked last. */
  wasUsed(): boolean {
    const since = this.#lookedAt;
    this.#lookedAt = this.#deps.clock.now();
    return this.#worker !== undefined && this.#activeAt >= since;
  }

  /** A page that was let in. It has 10 s to say how large it is; a screen asks for nothing. */
  join(socket: WebSocket, role: Present['role'], presence: Presence): void {
    const { clock } = this.#deps;
    const viewer = new Viewer(socket, { role, presence, clock, onGone: () => this.#leave(viewer) });
    const cancel = clock.after(attachMs, () => {
      if (viewer.state === 'new') viewer.close(4008, 'nothing was attached in time');
    });
    socket.once('close', cancel);
    socket.on('message', (data, isBinary) => this.#hear(viewer, data as Buffer, isBinary));
    if (this.#ending) viewer.close(4000, 'closed');
    else if (this.facts.wanted.purpose === 'vnc') this.#attach(viewer, undefined);
  }

  /** Puts somebody out who may watch no more. */
  expel(viewer: Viewer): void {
    viewer.close(4003, 'revoked');
    this.#leave(viewer);
  }

  /** Ends it for everybody; the same promise however often it is called. */
  end(end: TerminalEnd): Promise<void> {
    if (this.#ending) return this.#ending;
    // Before anything is ended: what ends says so in turn.
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ending = promise;
    void this.#finish(end).then(resolve, resolve);
    return promise;
  }

  async #finish(end: TerminalEnd): Promise<void> {
    this.#cancel();
    this.#state = 'ended';
    // What the far side sent last is shown before its end.
    const stored = this.#side.end(end);
    for (const viewer of this.#viewers()) {
      if (this.facts.wanted.purpose !== 'vnc') viewer.tell({ type: 'ended', ...end });
      viewer.close(end.reason === 'revoked' ? 4003 : 4000, end.reason);
    }
    await stored.catch(() => undefined);
    await this.#deps.ended(end);
  }

  #host(): SideHost {
    return {
      worker: () => this.#worker,
      viewers: () => this.#viewers(),
      tell: (frame) => this.#tell(frame),
      mayAccept: () => this.#deps.mayAccept(this.#presence),
      opened: () => this.#opened(),
      ended: (end) => void this.end(end),
      touch: () => this.touch(),
    };
  }

  #viewers(): readonly Viewer[] {
    return this.#worker ? [this.#worker, ...this.#watchers] : [...this.#watchers];
  }

  #tell(frame: ServerFrame): void {
    for (const viewer of this.#viewers()) viewer.tell(frame);
  }

  #tellPeople(): void {
    if (this.facts.wanted.purpose !== 'vnc') this.#tell({ type: 'people', people: this.people });
  }

  #opened(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'open';
    this.#openedAt = this.#deps.clock.now();
    this.touch();
    this.#watchTimes();
    this.#deps.opened();
  }

  #attach(viewer: Viewer, frame: AttachFrame | undefined): void {
    if (viewer.role === 'watches') {
      this.#watchers.add(viewer);
      this.#deps.watched(viewer, true);
    } else {
      const former = this.#worker;
      this.#worker = viewer;
      this.#presence = viewer.presence;
      this.#wasAttached = true;
      this.#leftAt = undefined;
      former?.close(4009, 'somebody else attached in this place');
      if (former) this.#side.leave(former);
      this.touch();
      this.#watchTimes();
    }
    this.#side.attach(viewer, frame);
    this.#tellPeople();
  }

  #leave(viewer: Viewer): void {
    const wasWorking = this.#worker === viewer;
    if (!wasWorking && !this.#watchers.delete(viewer)) return;
    if (wasWorking) {
      this.#worker = undefined;
      this.#leftAt = this.#deps.clock.now();
    } else this.#deps.watched(viewer, false);
    if (this.#ending) return;
    this.#side.leave(viewer);
    this.#tellPeople();
    this.#watchTimes();
  }

  #hear(viewer: Viewer, data: Buffer, isBinary: boolean): void {
    if (viewer.state === 'gone' || this.#ending) return undefined;
    if (isBinary) {
      if (viewer.role === 'watches') return this.#overstep(viewer, 'typed');
      if (viewer !== this.#worker) return viewer.close(4010, 'something was typed before attach');
      if (this.facts.wanted.purpose !== 'vnc') this.touch();
      return this.#side.input(data);
    }
    const frame = data.length <= FRAME_BYTES ? readFrame(data.toString('utf8')) : undefined;
    if (!frame || (viewer.state === 'new') !== (frame.type === 'attach')) return viewer.close(4010, 'a frame was not understood');
    return this.#take(viewer, frame);
  }

  #take(viewer: Viewer, frame: ClientFrame): void {
    if (frame.type === 'attach') return this.#attach(viewer, frame);
    if (viewer.role === 'watches' && frame.type !== 'ack') return this.#overstep(viewer, frame.type);
    if (frame.type === 'stay') return this.touch();
    if (frame.type === 'end') return void this.end({ reason: 'closed', detail: `Ended by ${viewer.user}.` });
    return this.#side.hear(viewer, frame);
  }

  #overstep(viewer: Viewer, what: string): void {
    viewer.close(4001, 'who watches may only look');
    this.#deps.overstepped(viewer, what);
    this.#leave(viewer);
  }

  #due(): Due {
    const { createdAt } = this.facts;
    const times = { createdAt, openedAt: this.#openedAt, activeAt: this.#activeAt, leftAt: this.#leftAt, wasAttached: this.#wasAttached };
    return due(times, this.#deps.settings, this.#deps.clock.now());
  }

  /** Looks when the next of its times is over; what was typed meanwhile is found out then. */
  #watchTimes(): void {
    this.#cancel();
    if (this.#ending) return;
    const { over, warning, next } = this.#due();
    if (over) return void this.end({ reason: over, detail: wordsOfTime(over, this.#deps.settings) });
    const warned = warning ? `${warning.reason} ${warning.endsAt}` : '';
    if (warning && warned !== this.#warned) this.#tell({ type: 'warning', ...warning });
    this.#warned = warned;
    this.#cancel = this.#deps.clock.after(Math.max(1, next - this.#deps.clock.now()), () => this.#watchTimes());
  }
}
