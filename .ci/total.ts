import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

/**
 * Adds up vitest's JSON reports: `node .ci/total.ts DIR SUITE...`. Exits 1 when a suite left no report, ran nothing, failed or skipped a
 * test. Whatever was printed before may be out of sight: each failure is named here once more, with how it failed. The last line printed is
 * the total.
 */
interface Report {
  readonly startTime: number;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    /** Epoch ms of its first test, and of the end of its last. */
    readonly startTime: number;
    readonly endTime: number;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const [dir = '.', ...suites] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const suite of suites) {
  const file = join(dir, `${suite}.json`);
  if (!existsSync(file)) {
    console.log(`suite ${suite}: no report`);
    failed += 1;
    continue;
  }
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  // A file that fails outside its tests (import, set-up) counts as a failure of its own.
  const broken = report.testResults.filter(
    (result) => result.status === 'failed' && !result.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const hooks = hookErrorsOf(suite);
  for (const result of report.testResults) tellFailures(suite, result, hooks[result.name] ?? []);
  const missing = report.numPassedTests === 0 ? 1 : 0;
  passed += report.numPassedTests;
  failed += report.numFailedTests + broken + missing;
  skipped += report.numPendingTests + report.numTodoTests;
  console.log(
    `suite ${suite}: ${report.numPassedTests} passed, ${report.numFailedTests + broken} failed, ${report.numPendingTests} skipped${times(report)}`,
  );
}
console.log(skipped > 0 ? `${passed} passed, ${failed} failed, ${skipped} skipped` : `${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || skipped > 0 ? 1 : 0;

/** Enough of a failure to go on from: its message and where it was. */
function tellFailures(suite: string, result: Report['testResults'][number], hookErrors: readonly string[]): void {
  const { name, status, message, assertionResults } = result;
  const file = relative(process.cwd(), name);
  const tests = assertionResults.filter((test) => test.status === 'failed');
  for (const test of tests) console.log(`\nfailed in ${suite}: ${file} > ${test.fullName}\n${excerpt(test.failureMessages.join('\n'))}`);
  if (status === 'failed' && tests.length === 0)
    console.log(`\nfailed in ${suite}: ${file}\n${excerpt([message, ...hookErrors].filter(Boolean).join('\n'))}`);
}

/** How long it took, and its longest files. */
function times({ startTime: begun, testResults }: Report): string {
  const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
  const longest = testResults.toSorted((a, b) => b.endTime - b.startTime - (a.endTime - a.startTime)).slice(0, 4);
  const files = longest.map(({ name, startTime, endTime }) => `${basename(name, '.test.ts')} ${seconds(endTime - startTime)}`);
  return `, ${seconds(Math.max(begun, ...testResults.map(({ endTime }) => endTime)) - begun)} (${files.join(', ')})`;
}

/** What hook-errors.ts left, by file. */
function hookErrorsOf(suite: string): Record<string, readonly string[]> {
  const file = join(dir, `${suite}.hooks.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, readonly string[]>) : {};
}

function excerpt(text: string): string {
  return text.slice(0, 1500).trimEnd();
}
