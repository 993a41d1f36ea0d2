import type { Present, TerminalPurpose, TicketPurpose } from '#api/terminal/protocol.ts';
import { ask } from './http.ts';

export type { TerminalPurpose } from '#api/terminal/protocol.ts';

/** What lets a page into a terminal, once. */
export interface Ticket {
  readonly ticket: string;
  /** RFC 3339 */
  readonly expiresAt: string;
  /** Path of the WebSocket. */
  readonly stream: string;
}

/** A terminal that was made a moment ago. */
export interface NewTerminal extends Ticket {
  readonly id: string;
}

export interface TerminalWish {
  readonly cluster: string;
  readonly server: string;
  readonly purpose: TerminalPurpose;
  readonly profile?: string;
  readonly user?: string;
  readonly port?: number;
  readonly address?: string;
}

/** What became of the recording of a terminal; `none`: it is not recorded. */
export const recordingStates = ['none', 'running', 'sealed', 'interrupted', 'failed', 'removed'] as const;
export type RecordingState = (typeof recordingStates)[number];

/** A terminal, as the server tells of it; times are RFC 3339. */
export interface TerminalRow {
  readonly id: string;
  readonly purpose: TerminalPurpose;
  readonly user: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly serverId: string;
  readonly serverName: string;
  /** Such as `debian@10.0.0.5:22`; not known while it is being opened. */
  readonly remote: string | null;
  readonly state: 'connecting' | 'open' | 'ended';
  readonly createdAt: string;
  readonly openedAt: string | null;
  readonly endedAt: string | null;
  readonly endReason: string | null;
  readonly endDetail: string | null;
  readonly recording: RecordingState;
  readonly durationMs: number;
  /** Shown so far, as far as it is recorded. */
  readonly bytes: number;
  readonly isMine: boolean;
  /** Of a live one. */
  readonly people?: readonly Present[];
  readonly mayAttach: boolean;
  readonly mayWatch: boolean;
  readonly mayEnd: boolean;
  readonly mayReplay: boolean;
}

export interface TargetProfile {
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly port: number;
  readonly via: string;
  readonly hasKey: boolean;
}

export interface Possible {
  readonly allowed: boolean;
  readonly why?: string;
}

/** What is known of an instance before a terminal to it is opened. */
export interface TerminalTarget {
  readonly name: string;
  readonly powerState: string | null;
  readonly addresses: readonly { readonly address: string; readonly kind: 'fixed' | 'floating'; readonly network: string }[];
  readonly profiles: readonly TargetProfile[];
  readonly hostKeys: readonly {
    readonly fingerprint: string;
    readonly algorithm: string;
    readonly port: number;
    readonly learntFrom: string;
    readonly by: string;
    readonly at: string;
  }[];
  readonly bastion: { readonly host: string; readonly port: number; readonly user: string } | null;
  readonly recording: 'all' | 'text' | 'off';
  readonly purposes: Readonly<Record<TerminalPurpose, Possible>>;
}

const path = '/api/v1/terminals';
const pathOf = (id: string) => `${path}/${encodeURIComponent(id)}`;

/** Throws Problem. */
export function fetchTarget(cluster: string, server: string, signal?: AbortSignal): Promise<TerminalTarget> {
  return ask(`/api/v1/terminal-targets/${encodeURIComponent(cluster)}/${encodeURIComponent(server)}`, signal && { signal });
}

/** Makes a terminal; it opens once its stream is attached. Secrets go there, not here. Throws Problem. */
export const createTerminal = (wish: TerminalWish): Promise<NewTerminal> => ask(path, { method: 'POST', body: wish });

/** Another ticket for a terminal that lives: one's own to go on in, anybody's to watch. Throws Problem. */
export const newTicket = (id: string, purpose: TicketPurpose): Promise<Ticket> =>
  ask(`${pathOf(id)}/tickets`, { method: 'POST', body: { purpose } });

/** Throws Problem. */
export const fetchTerminal = (id: string, signal?: AbortSignal): Promise<TerminalRow> => ask(pathOf(id), signal && { signal });

/** Throws Problem. */
export function fetchTerminals(
  query: Readonly<Record<string, string | number | undefined>>,
  signal?: AbortSignal,
): Promise<{ readonly items: readonly TerminalRow[]; readonly next?: string }> {
  return ask(path, { query, ...(signal && { signal }) });
}

/** `reason` is told to whoever works in it, when that is somebody else. Throws Problem. */
export const endTerminal = (id: string, reason?: string): Promise<void> => ask(pathOf(id), { method: 'DELETE', query: { reason } });
