import { styleText } from 'node:util';
import type { Json } from '#controller/engine/json.ts';
import type { ObjectPlan, PlannedAction, PlannedChange } from '#controller/engine/set-plan.ts';
import type { Declaration } from './declarations.ts';
import { titleOf } from './dry-run.ts';
import type { ManifestPlan } from './plan-manifests.ts';
import { declarationsOnly, summaryLine } from './summary.ts';

type Colour = 'green' | 'yellow' | 'red' | 'cyan' | 'magenta' | 'bold';
type Paint = (colour: Colour, text: string) => string;

interface Look {
  readonly sign: string;
  readonly colour: Colour;
  /** After the name, where the sign alone does not say it. */
  readonly note?: string;
}

const looks: Readonly<Record<Exclude<PlannedAction, 'none'>, Look>> = {
  create: { sign: '+', colour: 'green' },
  update: { sign: '~', colour: 'yellow' },
  rebuild: { sign: '±', colour: 'red', note: 'rebuild' },
  replace: { sign: '±', colour: 'red', note: 'replace: deleted and created anew' },
  delete: { sign: '-', colour: 'red' },
  adopt: { sign: '=', colour: 'cyan', note: 'taken over as it is' },
  release: { sign: '-', colour: 'yellow', note: 'let go of: stays in the cloud' },
  report: { sign: '~', colour: 'cyan', note: 'drift, only reported: nothing is done' },
  wait: { sign: '?', colour: 'magenta', note: 'waits' },
  blocked: { sign: '!', colour: 'red', note: 'blocked' },
  unknown: { sign: '?', colour: 'magenta', note: 'cannot be looked at' },
};

const declarationSigns = { create: '+', update: '~', delete: '-', none: ' ' } as const;

/** The plan as a reviewer reads it: a block an object, then the sum of it, then what could not be seen. */
export function planText(plan: ManifestPlan, { color = false }: { color?: boolean } = {}): string {
  const paint: Paint = color ? (colour, text) => styleText(colour, text, { validateStream: false }) : (_colour, text) => text;
  const blocks = [
    ...plan.objects.filter(({ action }) => action !== 'none').map((one) => objectBlock(one, paint)),
    ...declarationsOnly(plan).map((one) => declarationBlock(one, paint)),
    paint('bold', summaryLine(plan)),
    ...plan.gaps.map((gap) => paint('red', `GAP: Cluster ${gap.cluster}: ${printable(gap.message)} (${gap.reason})`)),
  ];
  return `${blocks.join('\n')}\n`;
}

function objectBlock(plan: ObjectPlan, paint: Paint): string {
  const { sign, colour, note } = looks[plan.action as Exclude<PlannedAction, 'none'>];
  const told = plan.action === 'adopt' && plan.changes.length > 0 ? 'taken over and changed' : note;
  const id = plan.id === undefined ? '' : ` ${printable(plan.id)}`;
  const head = `${paint(colour, `${sign} ${titleOf({ kind: plan.kind, metadata: plan }, plan.namespace)}`)}  (${plan.cluster}${id})`;
  return [
    told ? `${head}  ${told}` : head,
    ...plan.changes.map((change) => `    ${changeLine(change)}`),
    ...(plan.losesData ? [paint('red', `    DATA LOSS: ${lossOf(plan.action)}`)] : []),
    ...(plan.why ? [`    ${printable(plan.why.message)} (${plan.why.reason})`] : []),
  ].join('\n');
}

function declarationBlock({ kind, namespace, name, action, changes }: Declaration, paint: Paint): string {
  const colour = action === 'delete' ? 'red' : action === 'create' ? 'green' : 'yellow';
  const head = `${paint(colour, `${declarationSigns[action]} ${titleOf({ kind, metadata: { name } }, namespace)}`)}  the declaration only`;
  return [head, ...changes.map((change) => `    ${changeLine(change)}`)].join('\n');
}

/** `spec.sizeGiB: 1 -> 2`, with what forces more than a change in place. */
export function changeLine({ path, from, to, by, isUnknown }: PlannedChange): string {
  const forces = by === undefined ? '' : `  (forces ${by === 'rebuild' ? 'a rebuild' : 'replacement'})`;
  return `${printable(path) || 'the whole resource'}: ${valueText(from)} -> ${isUnknown ? '(known after apply)' : valueText(to)}${forces}`;
}

export function lossOf(action: PlannedAction): string {
  if (action === 'delete') return 'what is stored there is deleted with it.';
  if (action === 'rebuild') return 'its root disk is written anew.';
  if (action === 'replace') return 'it is deleted and made anew, empty.';
  return 'what is stored there does not survive this.';
}

const longest = 200;

function valueText(value: Json): string {
  if (value === null) return '(none)';
  const text = printable(JSON.stringify(value));
  return text.length <= longest ? text : `${text.slice(0, longest)}... (${text.length} characters)`;
}

/** Names and messages come from a cloud, and may hold what moves a terminal's cursor or turns its text around. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) => `\\u${(found.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}
