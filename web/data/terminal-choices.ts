import { session } from './session.ts';
import type { TerminalPurpose } from './terminals.ts';

/** How somebody last connected to an instance. Never a secret. */
export interface TerminalChoice {
  readonly purpose: TerminalPurpose;
  readonly profile?: string;
  readonly address?: string;
  readonly user?: string;
  readonly port?: number;
  /** `ask`: what the host asks for is typed there; `key`: a key is given each time. */
  readonly signIn: 'ask' | 'key';
}

export interface ChosenInstance {
  readonly cluster: string;
  readonly server: string;
}

/** The oldest are forgotten. */
const most = 200;

type Kept = readonly (readonly [instance: string, choice: TerminalChoice])[];

const keyOf = () => `terminal-choices:${session.value?.username ?? ''}`;

function read(): Kept {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(keyOf()) ?? '[]');
    return Array.isArray(found) ? (found as Kept) : [];
  } catch {
    return [];
  }
}

export function lastChoice({ cluster, server }: ChosenInstance): TerminalChoice | undefined {
  return read().find(([instance]) => instance === `${cluster}/${server}`)?.[1];
}

export function keepChoice({ cluster, server }: ChosenInstance, { purpose, profile, address, user, port, signIn }: TerminalChoice): void {
  const instance = `${cluster}/${server}`;
  const choice: TerminalChoice = {
    purpose,
    signIn,
    ...(profile !== undefined && { profile }),
    ...(address !== undefined && { address }),
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port }),
  };
  const others = read().filter(([other]) => other !== instance);
  try {
    localStorage.setItem(keyOf(), JSON.stringify([[instance, choice], ...others].slice(0, most)));
  } catch {
    // The browser keeps no more; the form is filled in by hand.
  }
}
