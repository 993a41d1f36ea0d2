import { catalogue } from './catalogue.ts';

export const chartTexts = catalogue({
  en: {
    asTable: 'Show as a table',
    asChart: 'Show as a chart',
    picture: (label: string, names: string) => `Chart: ${label}. It shows ${names}. The values can be shown as a table.`,
    nothing: 'Nothing was recorded in this time.',
    time: 'Time',
    name: 'Name',
    value: 'Value',
    share: 'Share',
    none: 'none',
    others: (count: number) => (count === 1 ? '1 other' : `${count} others`),
  },
  zh: {
    asTable: '以表格显示',
    asChart: '以图表显示',
    picture: (label, names) => `图表：${label}，内容为${names}。可切换为表格查看数值。`,
    nothing: '该时段内没有记录。',
    time: '时间',
    name: '名称',
    value: '数值',
    share: '占比',
    none: '无',
    others: (count) => `其他 ${count} 项`,
  },
});
