import { floatingIp, group, leadTo, network, plug, port, route, router, rule, subnet } from './networks.ts';
import { attachment, image, keyPair, server, serverGroup, serverSnapshot, volume, volumeSnapshot } from './servers.ts';
import type { Step } from './step.ts';

/**
 * Over 40 resources of all kinds. Names clash, are empty, or no names of objects; groups refer to each other. A wave needs what the waves
 * before it made, and nothing of its own.
 */
export const waves: readonly (readonly Step[])[] = [
  [
    network('front', { name: 'front', mtu: 1400 }),
    network('back', { name: 'back', description: 'Behind', isShut: true }),
    network('twin-1', { name: 'twin' }),
    network('twin-2', { name: 'Twin' }),
    network('nameless', { name: '' }),
    ...['web', 'app', 'db', 'ops_group.example', 'empty'].map((name) => group(name)),
    keyPair('shop'),
    keyPair('Second Key'),
    image('数据库', { minDisk: 1, properties: { os_type: 'linux', 'app.name': 'shop' }, tags: ['blue', 'a tag'] }),
    image('plain_image.example'),
    serverGroup('apart', 'anti-affinity'),
    serverGroup('Apart', 'affinity'),
    ...['data-1', 'data-2', 'copy me'].map((name) => volume(name, { metadata: { tier: 'db', 'app.name': 'shop' } })),
    volume('', {}),
    volume('Datenträger 1', { isBootable: true }),
  ],
  [
    subnet('front-v4', 'front', { cidr: '10.80.0.0/24', dns: '192.0.2.53' }),
    subnet('front-v6', 'front', { cidr: '2001:db8:80::/64' }),
    subnet('back-v4', 'back', { cidr: '10.81.0.0/24', gateway: 'none' }),
    subnet('twin-1-v4', 'twin-1', { cidr: '10.82.0.0/24', gateway: '10.82.0.254' }),
    subnet('twin-2-v4', 'twin-2', { cidr: '10.83.0.0/24', hasDhcp: false }),
    subnet('twin-2-v4b', 'twin-2', { cidr: '10.84.0.0/25', name: 'twin-2-v4' }),
    subnet('nameless-v4', 'nameless', { cidr: '10.85.0.0/24', name: '', pool: ['10.85.0.20', '10.85.0.99'] }),
    rule('web', { protocol: 'tcp', port: 443, remoteIp: '0.0.0.0/0' }),
    rule('app', { protocol: 'tcp', port: 8080, remote: 'web' }),
    rule('web', { protocol: 'udp', port: 53, remote: 'app' }),
    rule('db', { protocol: 'tcp', port: 5432, remote: 'app' }),
    rule('db', { protocol: 'tcp', port: 5432, remote: 'db' }),
    rule('ops_group.example', { protocol: 'tcp', port: 22, remoteIp: '10.0.0.5/24' }),
    router('edge', { isEdge: true }),
    router('inner'),
    volumeSnapshot('nightly', 'copy me'),
    volumeSnapshot('', 'data-1'),
  ],
  [
    plug('edge', { subnet: 'front-v4' }),
    plug('edge', { subnet: 'front-v6' }),
    plug('inner', { subnet: 'twin-1-v4' }),
    port('vip', { on: 'front', subnet: 'front-v4', ip: '10.80.0.100', groups: ['web', 'app'], description: 'Moves about' }),
    port('web-1', { on: 'front', subnet: 'front-v4', ip: '10.80.0.11', groups: ['web'] }),
    port('edge-back', { on: 'back', subnet: 'back-v4', ip: '10.81.0.7', isOfRouter: true }),
    volume('restored', { from: 'nightly' }),
  ],
  [
    plug('edge', { port: 'edge-back' }),
    floatingIp('free'),
    floatingIp('on a port', { port: 'vip' }),
    floatingIp('on a server'),
    server('web-1', { port: 'web-1', key: 'shop', beside: 'apart' }),
    server('db-1', { network: 'front', group: 'db', key: 'shop' }),
    server('Boots.from volume', { network: 'twin-1', group: 'empty', key: 'Second Key', root: 'Datenträger 1' }),
  ],
  [
    route('edge', '10.90.0.0/16', '10.80.0.9'),
    leadTo('db-1', 'on a server'),
    attachment('web-1', 'data-1'),
    attachment('db-1', 'data-2'),
    serverSnapshot('db-1 before', 'db-1'),
  ],
];
