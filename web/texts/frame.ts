import { catalogue } from './catalogue.ts';

/** Texts of the frame around all pages, and of what every page may have to say. */
export const frameTexts = catalogue({
  en: {
    product: 'Stackwarden',
    close: 'Close',
    retry: 'Try again',
    loading: 'Loading …',
    skip: 'Skip to the content',
    menu: 'Menu',
    navigation: 'Navigation',
    notFound: {
      title: 'There is no such page',
      text: 'The address leads nowhere. It may have been mistyped, or the page has moved.',
      home: 'To the overview',
    },
    forbidden: {
      title: 'You may not see this',
      text: 'Ask an administrator for a role that allows it.',
      needs: (permission: string) => `It needs the permission ${permission}.`,
    },
    failed: {
      title: 'This did not work',
      unreachable: 'The server does not answer. It is tried again as soon as you ask for it.',
      timedOut: 'The server took too long to answer.',
      requestId: (id: string) => `Request ${id}`,
    },
    groups: { see: 'See', compute: 'Compute', storage: 'Storage', network: 'Network', act: 'Act', manage: 'Manage' },
  },
  zh: {
    product: 'Stackwarden',
    close: '关闭',
    retry: '重试',
    loading: '正在加载…',
    skip: '跳到正文',
    menu: '菜单',
    navigation: '导航',
    notFound: { title: '没有这个页面', text: '该地址没有对应的页面，可能输入有误，或页面已移动。', home: '返回总览' },
    forbidden: { title: '您无权查看此内容', text: '请向管理员申请具有相应权限的角色。', needs: (permission) => `需要权限 ${permission}。` },
    failed: {
      title: '操作未成功',
      unreachable: '服务器没有响应，请稍后重试。',
      timedOut: '服务器响应超时。',
      requestId: (id) => `请求 ${id}`,
    },
    groups: { see: '查看', compute: '计算', storage: '存储', network: '网络', act: '操作', manage: '管理' },
  },
});
