import { catalogue } from './catalogue.ts';

export const signInTexts = catalogue({
  en: {
    title: 'Sign in',
    username: 'Username',
    password: 'Password',
    code: 'Code of your second factor',
    codeHint: 'From your authenticator app, or one of your recovery codes',
    submit: 'Sign in',
  },
  zh: {
    title: '登录',
    username: '用户名',
    password: '密码',
    code: '双因素验证码',
    codeHint: '来自身份验证器应用，或任一恢复码',
    submit: '登录',
  },
});
