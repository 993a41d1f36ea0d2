import type { Permission } from '#api/auth/permissions.ts';
import { language } from './language.ts';

const nouns = {
  instance: '实例',
  volume: '卷',
  snapshot: '卷快照和实例快照',
  image: '镜像',
  network: '网络、子网、路由器、端口和浮动 IP',
  securityGroup: '安全组及其规则',
  keyPair: '密钥对',
  serverGroup: '服务器组',
} as const;

type Noun = keyof typeof nouns;
type OfNoun = `${Noun}.${'read' | 'operate' | 'change' | 'delete'}`;

const more: Readonly<Record<Exclude<Permission, OfNoun>, string>> = {
  'instance.console': '查看实例控制台和控制台日志',
  'instance.terminal': '打开实例终端',
  'terminal.watch': '实时查看并结束他人的终端',
  'terminal.configure': '管理连接配置、其密钥以及实例的主机密钥',
  'recording.read': '回放和导出他人的终端录像',
  'recording.readOwn': '回放和导出本人使用过的终端的录像',
  'recording.retain': '决定录像的保留时间并删除录像',
  'instance.password': '设置实例密码、救援实例',
  'instance.migrate': '在主机间迁移实例',
  'catalog.read': '查看规格、卷类型和配额',
  'hypervisor.read': '查看计算节点',
  'cluster.read': '查看集群、其健康状况以及未声明的资源',
  'cluster.change': '创建、修改、启用和停用集群',
  'cluster.delete': '删除集群',
  'cluster.test': '测试与云的连接',
  'secret.read': '读取 Secret',
  'secret.change': '创建、修改和删除 Secret，例如集群凭据',
  'namespace.read': '查看命名空间、ConfigMap 和事件',
  'namespace.change': '创建、修改和删除命名空间与 ConfigMap',
  'plan.read': '预览应用清单的效果，导出清单',
  'history.read': '查看各时刻的声明与观测结果',
  'operation.read': '查看所有人的操作记录',
  'operation.change': '取消和重试所有人的操作记录',
  'audit.read': '查看和导出审计日志',
  'audit.verify': '校验审计日志的哈希链',
  'audit.retain': '设置审计日志的保留期限',
  'metrics.read': '读取监控指标',
  'user.read': '查看用户及其角色和会话',
  'user.change': '邀请、创建、修改和停用用户，结束其会话',
  'role.read': '查看角色及其权限',
  'role.change': '创建和修改角色',
  'settings.read': '查看服务器的运行设置（不含机密）',
  'key.rotate': '轮换用于加密机密的密钥',
  'status.change': '像协调器一样写入对象状态',
};

/** What a permission lets one do: the server says it in English. */
export function permissionSentence(name: Permission, sentence: string): string {
  if (language.value === 'en') return sentence;
  if (Object.hasOwn(more, name)) return more[name as keyof typeof more];
  const [noun = '', verb = ''] = name.split('.');
  const what = nouns[noun as Noun];
  const said: Readonly<Record<string, string>> = {
    read: `查看${what}`,
    operate: `对${what}进行启停等日常操作（不改变声明）`,
    change: `创建和修改${what}`,
    delete: `删除${what}`,
  };
  return said[verb] ?? sentence;
}

/** What the built-in roles are for; of others, what was written about them. */
export function roleDescription({ name, description, isBuiltIn }: { name: string; description: string; isBuiltIn: boolean }): string {
  return language.value === 'zh' && isBuiltIn ? (builtIn[name] ?? description) : description;
}

const builtIn: Readonly<Record<string, string>> = {
  viewer: '可查看除用户、机密、控制台和审计日志之外的所有内容',
  operator: '操作现有资源：电源、卷、快照、控制台和终端',
  admin: '创建和删除资源、接入云、管理用户',
  super_admin: '全部权限，包括角色、密钥和审计日志保留期限',
};
