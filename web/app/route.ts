import type { Permission } from '#api/auth/permissions.ts';
import type { Place } from '../data/session.ts';
import type { IconName } from '../elements/icons.ts';
import type { frameTexts } from '../texts/frame.ts';

/** A page: its address, the element that shows it, and where the navigation has it. */
export interface Route {
  /** As URLPattern reads it: `/resources/:type/:cluster/:id`. */
  readonly path: string;
  /** The element; it is given `params` and `query`. */
  readonly tag: `sw-${string}`;
  /** Brings the element; a chunk of its own. */
  readonly load: () => Promise<unknown>;
  /** In the language of the page; names the tab. */
  readonly title: (params: Readonly<Record<string, string>>) => string;
  /** What seeing anything here needs; without it the page says so, and the navigation leaves it out. */
  readonly permission?: Permission;
  /** Any of these does as well. */
  readonly orPermission?: readonly Permission[];
  /** The permission has to hold everywhere, not only somewhere. */
  readonly isEverywhere?: true;
  /** What seeing the very thing the address names needs beside, and where. */
  readonly needs?: (params: Readonly<Record<string, string>>) => Need | undefined;
  /** Entries of the navigation that lead here; most pages have one or none. */
  readonly entries?: readonly Entry[];
  /** Shown without the frame and to nobody known: signing in. */
  readonly isOpen?: true;
}

export interface Need {
  readonly permission: Permission;
  /** Anywhere, when undefined. */
  readonly place?: Place;
}

export interface Entry {
  readonly group: keyof typeof frameTexts.groups;
  readonly href: string;
  readonly icon: IconName;
  readonly text: () => string;
  readonly permission?: Permission;
}
