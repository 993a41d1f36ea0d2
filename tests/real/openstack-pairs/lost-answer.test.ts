import { lostAnswerSuite } from '#tests/scenarios/lost-answer-suite.ts';
import { openstackWorld } from '#tests/scenarios/world.ts';

lostAnswerSuite('the real OpenStack', openstackWorld);
