import { catalogue } from './catalogue.ts';

/** Texts of every table. */
export const tableTexts = catalogue({
  en: {
    select: (row: string) => `Select ${row}`,
    selectAll: 'Select all',
    selection: 'Selection',
    menu: 'Actions',
    menuOf: (row: string) => `Actions of ${row}`,
    resize: (column: string) => `Width of ${column}`,
    nothing: 'Nothing is here',
    loadingRow: 'Loading',
  },
  zh: {
    select: (row) => `选择 ${row}`,
    selectAll: '全选',
    selection: '选择',
    menu: '操作',
    menuOf: (row) => `${row} 的操作`,
    resize: (column) => `${column}的列宽`,
    nothing: '暂无内容',
    loadingRow: '正在加载',
  },
});
