import type { FastifyRequest } from 'fastify';
import type { AnyAction, Effects } from '#controller/actions/action.ts';
import type { OperationProblem } from '#controller/operations/operation.ts';
import { thinkOver, type Wish } from '../actions/perform.ts';
import { createSight, type World } from '../actions/world.ts';

/** Targets that are told of one by one; the counts tell of all. */
const shown = 100;

interface Thought {
  readonly wish: Wish;
  readonly name?: string;
  readonly problem?: OperationProblem;
  readonly effects?: Effects;
  readonly by?: 'cloud' | 'declaration';
}

export interface Wished {
  readonly world: World;
  readonly action: AnyAction;
  readonly wishes: readonly Wish[];
}

export interface PreviewOptions {
  /** Declarations that one request may change. */
  readonly mostDeclared: number;
  readonly tooMany: OperationProblem;
}

/** What would become of each target of a bulk, counted: for a person who is to confirm it. Changes nothing and asks no cloud. */
export function previewMany(request: FastifyRequest, { world, action, wishes }: Wished, options: PreviewOptions) {
  const thoughts = thinkOverAll(request, world, wishes, options);
  const possible = thoughts.filter(({ problem }) => !problem);
  return {
    action: action.name,
    danger: action.danger,
    targets: thoughts.length,
    possible: possible.length,
    /** Of those possible: done by changing the declaration. */
    byDeclaration: possible.filter(({ by }) => by === 'declaration').length,
    refused: refusalsOf(thoughts),
    takesAlong: countsOf(possible.flatMap(({ effects }) => effects?.takesAlong ?? []).map(({ type, what }) => ({ type, what }))),
    loses: countsOf(possible.flatMap(({ effects }) => (effects?.loses === undefined ? [] : [{ what: effects.loses }]))),
    items: thoughts.slice(0, shown).map(({ wish, problem, effects, ...rest }) => ({
      cluster: wish.cluster,
      id: wish.id,
      ...rest,
      ...(problem && { problem: { title: problem.title, detail: problem.detail } }),
      ...effects,
    })),
  };
}

function thinkOverAll(request: FastifyRequest, world: World, wishes: readonly Wish[], { mostDeclared, tooMany }: PreviewOptions) {
  const sight = createSight(world);
  let declared = 0;
  return wishes.map((wish): Thought => {
    const plan = thinkOver(request, sight, wish);
    if ('problem' in plan) return { wish, problem: plan.problem };
    const { name } = plan.seen;
    if (plan.patch === undefined) return { wish, name, effects: plan.effects, by: 'cloud' };
    declared += 1;
    return declared > mostDeclared ? { wish, name, problem: tooMany } : { wish, name, effects: plan.effects, by: 'declaration' };
  });
}

/** Why not, most often first, each with the words for one of them. */
function refusalsOf(thoughts: readonly Thought[]) {
  const byTitle = new Map<string, { title: string; detail: string; count: number }>();
  for (const { problem } of thoughts) {
    if (!problem) continue;
    const { count = 0, detail = problem.detail } = byTitle.get(problem.title) ?? {};
    byTitle.set(problem.title, { title: problem.title, detail, count: count + 1 });
  }
  return [...byTitle.values()].toSorted((a, b) => b.count - a.count);
}

function countsOf<What extends object>(all: readonly What[]): (What & { count: number })[] {
  const counted = new Map<string, What & { count: number }>();
  for (const what of all) {
    const key = JSON.stringify(what);
    counted.set(key, { ...what, count: (counted.get(key)?.count ?? 0) + 1 });
  }
  return [...counted.values()].toSorted((a, b) => b.count - a.count);
}
