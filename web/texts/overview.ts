import { catalogue } from './catalogue.ts';

export const overviewTexts = catalogue({ en: { title: 'Overview' }, zh: { title: '总览' } });
