import type { FastifyPluginAsync } from 'fastify';
import type { ShownSettings } from '../configuration/shown.ts';
import { checkQueries } from './strict-queries.ts';

export interface SettingRoutesOptions {
  readonly settings: ShownSettings;
}

const nothing = { type: 'object', additionalProperties: false, properties: {} } as const;

/** `GET /api/v1/settings`: what this process runs by and who says so. They are changed where they are said, and read at the start. */
export const settingRoutes: FastifyPluginAsync<SettingRoutesOptions> = async (app, { settings }) => {
  checkQueries(app);
  app.get(
    '/api/v1/settings',
    { schema: { querystring: nothing }, config: { access: { permission: 'settings.read', at: 'everywhere' } } },
    async () => settings,
  );
};
