import { describe, expect, it } from 'vitest';
import { Stage } from './testing/stage.ts';

interface Shown {
  readonly kind: string;
  readonly type: string;
  readonly reason: string;
  readonly count: number;
}

function shown(stage: Stage): Shown[] {
  return stage.kube.events.map((event) => ({ ...(event as unknown as Shown), kind: (event['involvedObject'] as { kind: string }).kind }));
}

describe('Kubernetes Events', () => {
  it('tell what happened, once, with a count when it happens again, and nothing while nothing does', async () => {
    const stage = new Stage();
    stage.start();
    await stage.clock.advance(1_000);
    stage.apply('a');
    await stage.clock.advance(20_000);
    const told = (): string[] =>
      shown(stage)
        .filter((one) => one.kind === 'Thing')
        .map((one) => `${one.type} ${one.reason} ${one.count}`);
    expect(told()).toEqual(['Normal Created 1', 'Normal Building 1', 'Normal InSync 1']);
    await stage.clock.advance(300_000);
    expect(told()).toHaveLength(3);
    stage.made('a').size = 5;
    await stage.clock.advance(60_000);
    stage.made('a').size = 5;
    await stage.clock.advance(60_000);
    expect(told()).toContain('Warning DriftDetected 2');
    expect(told()).toContain('Normal InSync 3');
  });

  it('do not tell of conflicts, and their failure harms nothing', async () => {
    const stage = new Stage();
    stage.kube.faults.refused = 0.3;
    stage.start();
    stage.apply('a');
    for (let i = 0; i < 10; i += 1) {
      stage.apply('a', { size: i });
      await stage.clock.advance(150);
    }
    stage.kube.faults.refused = 0;
    await stage.clock.advance(120_000);
    expect(stage.condition('a', 'Ready')).toBe('True InSync');
    expect(shown(stage).map((one) => one.reason)).not.toContain('Conflict');
  });
});
