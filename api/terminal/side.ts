import type { Files } from './ports.ts';
import type { ClientFrame, ServerFrame, TerminalEnd } from './protocol.ts';
import type { Viewer } from './viewer.ts';

export type AttachFrame = Extract<ClientFrame, { type: 'attach' }>;

/** The far half of a live terminal: what it is connected to, and how that reaches the pages. */
export interface Side {
  /** The target's address it is connected to, once it is known. */
  readonly address: string | undefined;
  readonly label: string;
  /** A page works in it from now on, or watches; of a screen without a frame. */
  attach(viewer: Viewer, frame: AttachFrame | undefined): void;
  /** A page is gone. */
  leave(viewer: Viewer): void;
  /** What was typed. */
  input(bytes: Buffer): void;
  hear(viewer: Viewer, frame: ClientFrame): void;
  /** Its files; undefined where there are none, or not yet. */
  files(): Promise<Files> | undefined;
  /** Ends the far side and stores what there is to store. Once. */
  end(end: TerminalEnd): Promise<void>;
}

/** What a side has of the terminal it belongs to. */
export interface SideHost {
  worker(): Viewer | undefined;
  /** All pages, the one that works first. */
  viewers(): readonly Viewer[];
  /** To all pages. */
  tell(frame: ServerFrame): void;
  /** Whether whoever works there may accept keys of hosts. */
  mayAccept(): boolean;
  /** The far side has taken us. */
  opened(): void;
  /** It is over. */
  ended(end: TerminalEnd): void;
  /** Somebody is there. */
  touch(): void;
}
