import type { ActionOffer } from './actions.ts';

/** Opening a terminal among the actions of an instance; it is done by the page of terminals, which says what is not possible. */
export const terminalOffer: ActionOffer = {
  name: 'instance.openTerminal',
  summary: 'terminal ssh serial console vnc shell',
  permission: 'instance.terminal',
  danger: 'none',
  input: {},
  possible: true,
  allowed: true,
};

/** Where an instance is connected to. */
export const terminalsHref = (cluster: string, server: string): string => `/terminals?${new URLSearchParams({ cluster, server })}`;
