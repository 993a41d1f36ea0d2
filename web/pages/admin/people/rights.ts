import { mayEverywhere } from '../../../data/session.ts';
import { peopleTexts } from '../../../texts/people.ts';

/** Why this person may change nobody; undefined when they may. */
export const mayNotChangePeople = (): string | undefined => (mayEverywhere('user.change') ? undefined : peopleTexts.mayNot);
