import type { OpenFailed } from '../ports.ts';
import { answerMs, connectMs } from './patience.ts';
import { refused } from './refusal.ts';

/** Nothing was reached at an address: another one may be tried. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

const seconds = (ms: number) => `${ms / 1000} seconds`;

/** Why no connection came about, with what to look at next. `from` is the bastion, where it is it that connects. */
export function unreachable(where: string, code: string | undefined, from = 'this server'): Unreachable {
  return new Unreachable(`${where} ${why(code, from)}`);
}

function why(code: string | undefined, from: string): string {
  const known = code === undefined ? undefined : reasons[code];
  return known?.replace('FROM', from) ?? `cannot be reached from ${from}${code === undefined ? '' : ` (${code})`}.`;
}

const noRoute = 'has no route from FROM. Use an address that can be reached from there, such as a floating one, or a bastion.';
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection: no SSH server listens there, or a firewall rejects it. Check the port and that sshd runs.',
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  ETIMEDOUT: `does not answer FROM within ${seconds(connectMs)}. Check that the instance runs and that its security groups let SSH in.`,
  ECONNRESET: 'closes the connection at once. Check that an SSH server listens on this port, and its limits (MaxStartups).',
};

/** What ssh2 gives up with before somebody is signed in, in words for people. It names no secrets, but nothing else of use either. */
export function handshakeFailed(host: string, error: Error & { readonly level?: string; readonly code?: unknown }): OpenFailed {
  const algorithm = /no matching (.+)$/.exec(error.message)?.[1];
  if (algorithm !== undefined)
    return refused(
      'unreachable',
      `${host} and Stackwarden have no ${algorithm.replace(/^[CS]->[CS] /, '')} in common: the host is too old, or allows none that is safe. Update its SSH server.`,
    );
  if (error.level === 'client-socket') return refused('lost', `${host} closed the connection while it opened.`);
  if (/before handshake/.test(error.message))
    return refused(
      'unreachable',
      `${host} closed the connection before it said that it speaks SSH. Check the port, and the host's limits.`,
    );
  if (/too many authentication/i.test(error.message))
    return refused('sign-in-failed', `${host} ended it after too many attempts to sign in. Try again with what it takes.`);
  if (error.level === 'protocol' || error.level === 'handshake')
    return refused('unreachable', `${host} does not speak SSH as it is written down. Check that the port is that of an SSH server.`);
  return refused('lost', `${host} ended the connection while it opened.`);
}

export function silentFor(host: string): OpenFailed {
  return refused('unreachable', `${host} took the connection, and then said nothing for ${seconds(answerMs)}. Try again.`);
}
