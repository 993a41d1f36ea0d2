import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const dist = resolve(import.meta.dirname, '../../../web/dist');
const budget = 250 * 1024;

/** Scripts and styles that index.html brings before anybody did anything. */
function initialFiles(): string[] {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const tags = html.matchAll(/<(?:script\b[^>]*\bsrc|link\b[^>]*\brel="(?:stylesheet|modulepreload)"[^>]*\bhref)="\/?([^"]+)"/g);
  return [...tags].map(([, file = '']) => file.replace(/^\.\//, ''));
}

/** The same, and whatever these import before they run. */
function withImports(files: readonly string[]): string[] {
  const seen = new Set<string>();
  const take = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    if (!file.endsWith('.js')) return;
    for (const [, path = ''] of readFileSync(join(dist, file), 'utf8').matchAll(
      /(?:^|[;}\n])(?:import|export)\b[^'"();]*?["'](\.\/[^"']+)["']/g,
    ))
      take(join(file, '..', path));
  };
  files.forEach(take);
  return [...seen];
}

describe('the first load', () => {
  it('is at most 250 kB, packed', () => {
    const sizes = withImports(initialFiles()).map((file) => [file, gzipSync(readFileSync(join(dist, file)), { level: 9 }).length] as const);
    const total = sizes.reduce((sum, [, size]) => sum + size, 0);
    console.log(`first load: ${(total / 1024).toFixed(1)} kB packed in ${sizes.length} files`);
    expect(sizes.length).toBeGreaterThan(1);
    expect(total, sizes.map(([file, size]) => `${file} ${size}`).join(', ')).toBeLessThanOrEqual(budget);
  });

  it('brings neither the editor nor charts', () => {
    const text = withImports(initialFiles())
      .map((file) => readFileSync(join(dist, file), 'utf8'))
      .join('\n');
    expect(text).not.toContain('cm-content');
    expect(text).not.toMatch(/chartjs|DoughnutController/i);
  });
});
