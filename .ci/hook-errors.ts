import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Beside vitest's JSON report, which leaves out why a file or a `beforeAll` failed: DIR/SUITE.hooks.json, the messages of each file, where
 * DIR is STACKWARDEN_REPORTS.
 */
export default class HookErrors implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const messages = Object.fromEntries(modules.map((module) => [module.moduleId, errorsOf(module).map(textOf)]));
    const suite = modules[0]?.project.name;
    const dir = process.env['STACKWARDEN_REPORTS'];
    if (suite && dir) writeFileSync(join(dir, `${suite}.hooks.json`), JSON.stringify(messages));
  }
}

function errorsOf(module: TestModule): SerializedError[] {
  return [module, ...module.children.allSuites()].flatMap((one) => one.errors());
}

function textOf({ message, stack }: SerializedError): string {
  return stack?.includes(message) ? stack : `${message}\n${stack ?? ''}`;
}
