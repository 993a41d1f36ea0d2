import type { Route } from '../../app/route.ts';
import { recordingTexts } from '../../texts/recordings.ts';

const seen = { permission: 'recording.read', orPermission: ['recording.readOwn'] } as const;

/** What terminals showed. */
export const recordingRoutes: readonly Route[] = [
  {
    path: '/recordings',
    tag: 'sw-recordings',
    load: () => import('./recordings.ts'),
    title: () => recordingTexts.title,
    ...seen,
    entries: [{ group: 'act', href: '/recordings', icon: 'film', text: () => recordingTexts.title }],
  },
  {
    path: '/recordings/:id',
    tag: 'sw-recording',
    load: () => import('./recording.ts'),
    title: () => recordingTexts.columns.recording,
    ...seen,
  },
];
