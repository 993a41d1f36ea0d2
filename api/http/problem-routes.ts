import type { FastifyPluginAsync } from 'fastify';
import { problem } from '../routes/problem.ts';
import { page, text } from './page.ts';
import { problems } from './problems.ts';

const all = Object.entries(problems).map(([title, meaning]) => ({ type: `/problems/${title}`, title, meaning }));

const one = {
  type: 'object',
  required: ['type', 'title', 'meaning'],
  properties: { type: { type: 'string' }, title: { type: 'string' }, meaning: { type: 'string' } },
} as const;
const titleParams = {
  type: 'object',
  additionalProperties: false,
  properties: { title: { type: 'string', minLength: 1, maxLength: 60, description: 'the title of a problem.' } },
} as const;
const answer = { 200: { type: 'object', required: ['items'], properties: { items: { type: 'array', items: one } } } } as const;

/** `GET /api/v1/problems`, and for each the page that its `type` leads to. */
export const problemRoutes: FastifyPluginAsync = async (app) => {
  const config = { access: 'open' } as const;
  app.get('/api/v1/problems', { config, schema: { response: answer } }, async () => ({ items: all }));
  app.get<{ Params: { title: string } }>('/problems/:title', { config, schema: { params: titleParams } }, async (request, reply) => {
    const found = all.find(({ title }) => title === request.params.title);
    if (!found) return problem(reply, 404, 'NotFound', 'There is no such problem; /api/v1/problems lists those there are.');
    reply.header('vary', 'Accept');
    if (!/\btext\/html\b/.test(request.headers.accept ?? '')) return found;
    return reply.type('text/html; charset=utf-8').send(page(found.title, `<p>${text(found.meaning)}</p>`));
  });
};
