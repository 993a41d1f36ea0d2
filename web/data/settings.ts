import type { ShownSetting, ShownSettings } from '#api/configuration/shown.ts';
import { ask } from './http.ts';

export type { ShownSetting };

/** What the server runs by. Throws Problem. */
export const getSettings = (signal?: AbortSignal) => ask<ShownSettings>('/api/v1/settings', signal ? { signal } : {});
