import type { Route } from '../../app/route.ts';
import { typeName } from '../../texts/resource-types.ts';
import { listedTypes } from '../list/types.ts';

/** One resource. */
export const detailRoutes: readonly Route[] = [
  {
    path: '/resources/:type/:cluster/:id',
    tag: 'sw-detail',
    load: () => import('./detail.ts'),
    needs: ({ type }) => listedTypes.find((one) => one.type === (type === 'instance' ? 'server' : type)),
    title: ({ type = '', id = '' }) => `${typeName(type === 'instance' ? 'server' : type)} ${id}`,
  },
];
