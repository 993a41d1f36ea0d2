import type { TemplateResult } from 'lit';
import type { Connection } from '../../../data/connections.ts';
import type { IconName } from '../../../elements/icons.ts';
import { clusterTexts as t } from '../../../texts/clusters.ts';
import { stateMark, type Tone } from '../parts.ts';

const looks: Readonly<Record<Connection['phase'], readonly [Tone, IconName]>> = {
  Pending: ['quiet', 'clock'],
  Reconciling: ['warning', 'refresh-cw'],
  Ready: ['good', 'circle-check'],
  Stalled: ['bad', 'circle-alert'],
  Disabled: ['quiet', 'pause'],
  Deleting: ['quiet', 'trash'],
};

/** Where a connection stands; what was tried and failed is tried on, but is no longer on its way. */
export function phaseMark({ phase, reason }: Pick<Connection, 'phase' | 'reason'>): TemplateResult {
  if (phase === 'Reconciling' && reason.endsWith('Failed')) return stateMark('bad', t.notReached, 'circle-x');
  const [tone, icon] = looks[phase];
  return stateMark(tone, t.phases[phase], icon);
}

export const total = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((sum, one) => sum + one, 0);
