import type { AnyAction } from './action.ts';
import { instanceActions } from './instance/index.ts';
import { otherActions } from './others.ts';

/** Every action there is; a noun adds its list here. */
export const actions: readonly AnyAction[] = [...instanceActions, ...otherActions];
