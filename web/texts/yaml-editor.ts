import { catalogue } from './catalogue.ts';

export const yamlEditorTexts = catalogue({
  en: {
    label: 'Manifests (YAML)',
    leave: 'Tab indents; press Esc and then Tab to leave the editor. Ctrl+Space completes.',
    required: 'required',
  },
  zh: {
    label: '清单（YAML）',
    leave: 'Tab 键用于缩进；先按 Esc 再按 Tab 可离开编辑器。Ctrl+空格可补全。',
    required: '必填',
  },
});

/** What the editor itself shows, by the English it would show. */
export const editorPhrases: Readonly<Record<string, string>> = {
  Find: '查找',
  Replace: '替换',
  next: '下一个',
  previous: '上一个',
  all: '全部',
  'match case': '区分大小写',
  regexp: '正则表达式',
  'by word': '全字匹配',
  replace: '替换',
  'replace all': '全部替换',
  close: '关闭',
  'current match': '当前匹配',
  'on line': '所在行',
  Completions: '补全',
  Diagnostics: '问题',
  'No diagnostics': '没有问题',
  'Fold line': '折叠',
  'Unfold line': '展开',
  'Folded lines': '已折叠的行',
  'Unfolded lines': '已展开的行',
  to: '至',
  'folded code': '已折叠的内容',
  unfold: '展开',
};
