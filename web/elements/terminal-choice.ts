import type { ChosenInstance, TerminalChoice } from '../data/terminal-choices.ts';
import type { TerminalPurpose, TerminalTarget, TerminalWish } from '../data/terminals.ts';

export const purposes = ['ssh', 'serial', 'vnc'] as const satisfies readonly TerminalPurpose[];

/** Pure: what is asked of the server, without any secret. */
export function wishOf({ cluster, server }: ChosenInstance, { purpose, profile, user, port, address }: TerminalChoice): TerminalWish {
  if (purpose !== 'ssh') return { cluster, server, purpose };
  return {
    cluster,
    server,
    purpose,
    ...(profile !== undefined && { profile }),
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port }),
    ...(address !== undefined && { address }),
  };
}

/** Pure: the last choice as far as it still makes sense, else the first thing that is possible. */
export function firstChoice(target: TerminalTarget, last: TerminalChoice | undefined): TerminalChoice {
  const { purposes: all, profiles, addresses } = target;
  const possible = purposes.find((one) => all[one].allowed) ?? 'ssh';
  if (!last) {
    const [only] = profiles;
    return { purpose: possible, signIn: 'ask', ...(only && { profile: only.id }) };
  }
  const { profile, address, ...others } = last;
  return {
    ...others,
    purpose: all[last.purpose].allowed ? last.purpose : possible,
    ...(profiles.some(({ id }) => id === profile) && profile !== undefined && { profile }),
    ...(addresses.some((one) => one.address === address) && address !== undefined && { address }),
  };
}
