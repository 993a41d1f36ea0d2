import type { AnyAction } from './action.ts';
import { otherActions } from './others.ts';

/** Every action there is; a noun adds its list here. */
export const actions: readonly AnyAction[] = [...otherActions];
