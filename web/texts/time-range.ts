import { catalogue } from './catalogue.ts';

/** Texts of the filter by time. */
export const timeRangeTexts = catalogue({
  en: {
    time: 'Time',
    any: 'Any time',
    ranges: { '1h': 'Last hour', '24h': 'Last 24 hours', '7d': 'Last 7 days', '30d': 'Last 30 days' },
    custom: 'From – to',
    since: 'From',
    until: 'To',
  },
  zh: {
    time: '时间',
    any: '不限时间',
    ranges: { '1h': '最近 1 小时', '24h': '最近 24 小时', '7d': '最近 7 天', '30d': '最近 30 天' },
    custom: '自定义',
    since: '起始时间',
    until: '截止时间',
  },
});
