/**
 * What passes between a page and its terminal over `GET /api/v1/terminals/ID/stream`, a WebSocket. Binary frames are bytes of the terminal:
 * input one way, output the other, UTF-8. Text frames are JSON, one of the types below. VNC has binary frames alone (RFB, RFC 6143).
 */

/** Sub-protocol of the stream; it is the one the server answers with. */
export type StreamProtocol = 'stackwarden.terminal.v1';
/** A second sub-protocol carries the ticket, so that it stands in no address and no log: `stackwarden.ticket.TICKET`. */
export type TicketProtocol = `stackwarden.ticket.${string}`;

/** What a terminal is to: a shell by SSH, the serial console or the screen of Nova's. */
export type TerminalPurpose = 'ssh' | 'serial' | 'vnc';

/** What a ticket lets one do: type, once the terminal is new or again; only look. */
export type TicketPurpose = 'attach' | 'watch';

/** Given for one use, kept in memory while the terminal is being opened and no longer. */
export interface Credentials {
  readonly password?: string;
  /** PEM or OpenSSH. */
  readonly privateKey?: string;
  readonly passphrase?: string;
}

export type ClientFrame =
  /** The first; within 10 s. `since`: the position up to which the page has seen everything, when it was here before. */
  | { readonly type: 'attach'; readonly cols: number; readonly rows: number; readonly since?: number; readonly credentials?: Credentials }
  | { readonly type: 'resize'; readonly cols: number; readonly rows: number }
  /** Everything before this position was drawn; what is sent and not acknowledged is bounded. */
  | { readonly type: 'ack'; readonly at: number }
  /** Answers to `ask`, in the order of its prompts; undefined: nothing is answered, and opening ends. */
  | { readonly type: 'answer'; readonly id: number; readonly answers?: readonly string[] }
  /** Answers to `host-key`. */
  | { readonly type: 'accept-host-key'; readonly fingerprint: string }
  /** Somebody is there: the idle time begins anew. */
  | { readonly type: 'stay' }
  | { readonly type: 'end' };

export type ServerFrame =
  | { readonly type: 'state'; readonly state: TerminalState /** For people, such as "signing in as debian". */; readonly detail?: string }
  /**
   * The first frame after `attach` was understood. `snapshot` bytes follow that draw the screen and its scrollback anew and are not counted; 0
   * when the page goes on where it was. The byte after them has position `at`. Who watches and falls behind gets another one: the screen is
   * then drawn anew from its snapshot.
   */
  | { readonly type: 'attached'; readonly at: number; readonly snapshot: number; readonly cols: number; readonly rows: number }
  | {
      readonly type: 'ask';
      readonly id: number;
      readonly title: string;
      readonly instructions: string;
      readonly prompts: readonly Prompt[];
    }
  /** The host is not known yet. `mayAccept`: whether this person may accept it. */
  | ({ readonly type: 'host-key'; readonly mayAccept: boolean } & HostKeyFound)
  /** Of another page's window, for who watches. */
  | { readonly type: 'resized'; readonly cols: number; readonly rows: number }
  | { readonly type: 'warning'; readonly reason: 'idle' | 'total' /** Epoch ms. */; readonly endsAt: number }
  /** Everybody at this terminal, whenever that changes. */
  | { readonly type: 'people'; readonly people: readonly Present[] }
  /** The last frame; the socket is closed behind it. */
  | ({ readonly type: 'ended' } & TerminalEnd);

export interface Prompt {
  readonly text: string;
  /** What is typed is not shown. */
  readonly isSecret: boolean;
}

export interface Present {
  readonly user: string;
  readonly role: 'works' | 'watches';
  /** Epoch ms. */
  readonly since: number;
}

/** `connecting` until the far side has taken us; `open`: what is typed goes there. */
export type TerminalState = 'connecting' | 'open' | 'ended';

/** SHA-256 fingerprints as `ssh-keygen -l` shows them: `SHA256:` and base64. */
export interface HostKeyFound {
  readonly fingerprint: string;
  /** `ssh-ed25519`, ... */
  readonly algorithm: string;
}

/** Why a terminal ended. */
export interface TerminalEnd {
  readonly reason: EndReason;
  /** For people; no secrets. */
  readonly detail: string;
  /** Exit status of the shell, where it said one. */
  readonly exitCode?: number;
  /** Of `host-key-changed`. */
  readonly hostKey?: { readonly found: HostKeyFound; readonly pinned: readonly HostKeyFound[]; readonly wasRebuilt: boolean };
}

export type EndReason =
  /** The shell ended, or whoever worked in it ended it. */
  | 'closed'
  /** Nobody came back within the time. */
  | 'left'
  | 'idle'
  | 'too-long'
  /** The far side hung up, or was never reached. */
  | 'lost'
  | 'unreachable'
  | 'sign-in-failed'
  | 'host-key-unknown'
  | 'host-key-changed'
  /** The session, the role or the target is no longer what it was. */
  | 'revoked'
  | 'target-gone'
  /** Ended by somebody else. */
  | 'ended-by'
  | 'not-recorded'
  /** This process ends. */
  | 'shutdown';

/**
 * Codes the socket is closed with (RFC 6455, 7.4.2), for pages of VNC, which read no text frames; its reason then is the EndReason.
 * 4000 ended, 4001 ticket refused, 4003 revoked, 4004 no such terminal, 4008 nothing was attached in time, 4009 somebody else attached in this
 * one's place, 4010 a frame was not understood.
 */
export type CloseCode = 4000 | 4001 | 4003 | 4004 | 4008 | 4009 | 4010;
