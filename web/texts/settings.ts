import { catalogue } from './catalogue.ts';
import { language } from './language.ts';

/** Texts of the page about settings. */
export const settingTexts = catalogue({
  en: {
    title: 'Settings',
    about: 'What this server runs by and who says so. Settings are read at the start: change them where they are said, and start again.',
    profile: (profile: string) => `Profile ${profile}`,
    file: (file: string) => `File ${file}`,
    noFile: 'No configuration file',
    filter: 'Find a setting',
    onlySet: 'Only what somebody set',
    none: 'No setting fits the filter.',
    columns: { name: 'Setting', value: 'Value', source: 'From', change: 'Ways to set it' },
    sources: { flag: 'flag', environment: 'environment', file: 'file', profile: 'profile', default: 'default' },
    unset: 'not set',
    secretSet: 'set (secret)',
    secretUnset: 'not set',
    otherwise: (what: string) => `Default: ${what}`,
    precedence: 'A flag wins over the environment, that over the file, that over the profile, that over the default.',
  },
  zh: {
    title: '设置',
    about: '本服务器的运行设置及其来源。设置在启动时读取：请在来源处修改，然后重启。',
    profile: (profile) => `配置档 ${profile}`,
    file: (file) => `配置文件 ${file}`,
    noFile: '未使用配置文件',
    filter: '查找设置项',
    onlySet: '仅显示已设置的项',
    none: '没有符合条件的设置项。',
    columns: { name: '设置项', value: '值', source: '来源', change: '设置方式' },
    sources: { flag: '命令行参数', environment: '环境变量', file: '配置文件', profile: '配置档', default: '默认值' },
    unset: '未设置',
    secretSet: '已设置（机密）',
    secretUnset: '未设置',
    otherwise: (what) => `默认：${what}`,
    precedence: '优先级：命令行参数 > 环境变量 > 配置文件 > 配置档 > 默认值。',
  },
});

const meanings: Readonly<Record<string, string>> = {
  profile: '决定其他设置的默认值；production 会拒绝不安全的设置',
  data: '存放数据库、密钥、证书和 kubeconfig 的目录',
  listen: 'API 的监听地址（TLS）',
  cloud: 'clouds.yaml 中的条目（同时读取 secure.yaml 和 OS_*）',
  sandbox: '未指定云时使用模拟云；--no-sandbox 则不使用',
  images: '允许用该目录中的文件创建镜像（spec.source.file）',
  'history.days': '历史记录和已结束操作记录的保留天数',
  'log.level': '日志级别：debug、info、warn、error',
  'database.url': '使用 MySQL 代替 SQLite：mysql://USER:PASSWORD@HOST/DB',
  'redis.url': '共用同一 MySQL 的各进程通过 Redis 即时互通变更',
  advertise: '共用同一 MySQL 的其他进程访问本进程的地址',
  registration: '允许用户自行申请账号，由管理员审批',
  'oidc.issuer': '可用于登录的身份提供方（OpenID Connect）',
  'oidc.clientId': '本服务器在身份提供方处的客户端 ID',
  'oidc.clientSecret': '本服务器在身份提供方处的客户端密钥',
  'oidc.publicUrl': '浏览器访问本服务器的地址，登录后由身份提供方跳转回此处',
  'oidc.groupsClaim': '列出用户所属组的声明名称',
  'oidc.roles': '各组成员获得的角色：GROUP=ROLE[@CLUSTER[/NAMESPACE]]，以逗号分隔',
  'tls.certificate': '自有证书及其证书链（PEM）',
  'tls.key': '自有证书的私钥（PEM）',
  trustProxy: '信任其 X-Forwarded-* 的代理：地址或网段，以逗号分隔',
  'limits.known': '每个用户每分钟对平台 API 的请求上限',
  'limits.unknown': '每个未认证地址每分钟的请求上限',
  'terminal.recording': '必须录像的终端：text 为 SSH 和串口，all 会拒绝无法录像的 VNC，off 不录像',
  'terminal.recordingDays': '终端录像的保留天数',
  'terminal.idleMinutes': '无人输入、也无文件传输的终端在多少分钟后结束',
  'terminal.maxMinutes': '终端最长可持续的分钟数',
  'terminal.detachMinutes': '页面断开后终端等待其返回的分钟数',
  'terminal.perPerson': '每人同时打开的终端数上限',
  'terminal.perTarget': '每个实例同时打开的终端数上限',
  'terminal.localTargets': '允许终端连接回环地址和本机（测试用的实例在那里）',
};

const defaults: Readonly<Record<string, string>> = {
  none: '无',
  nobody: '不信任任何代理',
  'the sandbox': '模拟云',
  'SQLite in DIR': '数据目录中的 SQLite',
  'once a second': '每秒一次',
  'where it listens': '监听地址',
  'one made at the first start': '首次启动时自动生成',
};

/** What a setting is for: the server says it in English. */
export function settingMeaning(name: string, meaning: string): string {
  return language.value === 'zh' ? (meanings[name] ?? meaning) : meaning;
}

/** What holds when nobody sets it: the server says it in English. */
export function settingDefault(text: string): string {
  if (language.value === 'en') return text;
  return text
    .split('; ')
    .map((part) => {
      const [, value, profile] = /^(.*) in (development|production|test)$/.exec(part) ?? [];
      return profile === undefined ? (defaults[part] ?? part) : `${profile} 下为 ${value}`;
    })
    .join('；');
}
