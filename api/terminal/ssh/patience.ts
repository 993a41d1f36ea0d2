import type { Clock } from '#controller/engine/ports.ts';
import type { Talk } from '../ports.ts';
import { refused } from './refusal.ts';

export type Ask = Talk['ask'];

/** How long things may take. */
export const connectMs = 15_000;
/** For a machine to answer while a terminal opens. */
export const answerMs = 15_000;
/** For a person to answer. */
export const personMs = 60_000;

/** The same questions, for `personMs`. */
export function patientAsk(ask: Ask, clock: Pick<Clock, 'after'>): Ask {
  return (question) => withinPersonMs(ask(question), clock, `Nobody answered "${question.title}" in time. Open the terminal again.`);
}

/** What a person is asked for, or OpenFailed once it took too long. */
export function withinPersonMs<T>(work: Promise<T>, clock: Pick<Clock, 'after'>, detail: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const cancel = clock.after(personMs, () => late.reject(refused('sign-in-failed', detail)));
  return Promise.race([work, late.promise]).finally(cancel);
}

/** Watches over the machines that take part: whoever is waited for for too long is given up. */
export interface Watch {
  /** The far side has to say something from now on. */
  expect(): void;
  /** It is not its turn: a person is asked. */
  rest(): void;
  /** Nobody is waited for any more. */
  end(): void;
}

export function watchOver(clock: Pick<Clock, 'after'>, giveUp: () => void): Watch {
  let cancel = (): void => undefined;
  let isOver = false;
  return {
    expect() {
      cancel();
      if (!isOver) cancel = clock.after(answerMs, giveUp);
    },
    rest: () => cancel(),
    end() {
      isOver = true;
      cancel();
    },
  };
}
