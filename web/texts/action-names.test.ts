import { afterEach, describe, expect, it } from 'vitest';
import { actions } from '#controller/actions/index.ts';
import { actionName } from './action-names.ts';
import { language } from './language.ts';

describe('the names of actions', () => {
  afterEach(() => language.set('en'));

  it.each(['en', 'zh'] as const)('are there for every action (%s)', (one) => {
    language.set(one);
    expect(actions.map(({ name }) => name).filter((name) => actionName(name) === name)).toEqual([]);
  });

  it('read as a person would say them', () => {
    expect([actionName('instance.start'), actionName('instance.attachVolume'), actionName('bulk')]).toEqual([
      'Start instance',
      'Attach volume to instance',
      'Several at once',
    ]);
    language.set('zh');
    expect([actionName('instance.start'), actionName('floatingIp.release')]).toEqual(['启动实例', '释放浮动 IP']);
  });
});
