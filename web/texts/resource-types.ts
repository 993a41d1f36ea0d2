import { catalogue } from './catalogue.ts';

/** What people call the types of resources: one of them, and the list. */
export const resourceTypeTexts = catalogue({
  en: {
    one: {
      server: 'Instance',
      volume: 'Volume',
      volume_snapshot: 'Volume snapshot',
      image: 'Image',
      network: 'Network',
      subnet: 'Subnet',
      router: 'Router',
      port: 'Port',
      floatingip: 'Floating IP',
      security_group: 'Security group',
      keypair: 'Key pair',
      flavor: 'Flavor',
      volume_type: 'Volume type',
      server_group: 'Server group',
    },
    many: {
      server: 'Instances',
      volume: 'Volumes',
      volume_snapshot: 'Volume snapshots',
      image: 'Images',
      network: 'Networks',
      subnet: 'Subnets',
      router: 'Routers',
      port: 'Ports',
      floatingip: 'Floating IPs',
      security_group: 'Security groups',
      keypair: 'Key pairs',
      flavor: 'Flavors',
      volume_type: 'Volume types',
      server_group: 'Server groups',
    },
  },
  zh: {
    one: {
      server: '实例',
      volume: '卷',
      volume_snapshot: '卷快照',
      image: '镜像',
      network: '网络',
      subnet: '子网',
      router: '路由器',
      port: '端口',
      floatingip: '浮动 IP',
      security_group: '安全组',
      keypair: '密钥对',
      flavor: '规格',
      volume_type: '卷类型',
      server_group: '服务器组',
    },
    many: {
      server: '实例',
      volume: '卷',
      volume_snapshot: '卷快照',
      image: '镜像',
      network: '网络',
      subnet: '子网',
      router: '路由器',
      port: '端口',
      floatingip: '浮动 IP',
      security_group: '安全组',
      keypair: '密钥对',
      flavor: '规格',
      volume_type: '卷类型',
      server_group: '服务器组',
    },
  },
});

type Known = keyof typeof resourceTypeTexts.one;

/** `Instance` for `server`; a type that nobody named is shown as it is. */
export const typeName = (type: string): string => resourceTypeTexts.one[type as Known] ?? type;

/** `Instances` for `server`. */
export const typeNames = (type: string): string => resourceTypeTexts.many[type as Known] ?? type;
