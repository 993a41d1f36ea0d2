import { lostAnswerSuite } from '#tests/scenarios/lost-answer-suite.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';

lostAnswerSuite('the sandbox', sandboxWorld);
