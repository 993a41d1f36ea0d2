import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';

/** Far beyond what people write; the parser's time grows faster than the depth. */
const maxDepth = 200;

/** More of `- `, `? ` or `: ` at the start of one line than anybody writes: each opens a level. */
const compact = new RegExp(`^[ ]*(?:[-?:][ \\t]+){${maxDepth}}`, 'm');

/**
 * Why a YAML text would cost more than it may, before it is parsed; undefined when it may be. Brackets in quotes count too: no text has
 * hundreds that stay open.
 */
export function tooDeep(text: string): string | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '[' || char === '{') depth += 1;
    else if ((char === ']' || char === '}') && depth > 0) depth -= 1;
    if (depth > maxDepth) return reason;
  }
  return compact.test(text) || indentedTooDeep(text) ? reason : undefined;
}

const reason = `It is nested too deeply; ${maxDepth} levels are taken.`;

/** Whether lines go in and in, hundreds of times. */
function indentedTooDeep(text: string): boolean {
  const levels: number[] = [];
  for (const [, blanks = ''] of text.matchAll(/^( *)[^ \n]/gm)) {
    while ((levels.at(-1) ?? -1) >= blanks.length) levels.pop();
    levels.push(blanks.length);
    if (levels.length > maxDepth) return true;
  }
  return false;
}

export interface KeyAt {
  readonly node: Node;
  readonly name: string;
  /** `spec.ports[0].port` */
  readonly path: string;
  /** Whether its map had it before. */
  readonly isRepeated: boolean;
}

/**
 * Every key of every map. In place of the parser's own check for keys that occur twice, which compares each with each other: minutes for a
 * megabyte of keys.
 */
export function eachKey(node: unknown, visit: (key: KeyAt) => void, above = ''): void {
  if (isAlias(node)) return;
  if (isSeq(node)) for (const [index, item] of node.items.entries()) eachKey(item, visit, `${above}[${index}]`);
  if (!isMap(node)) return;
  const seen = new Set<string>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : String(key);
    const path = above ? `${above}.${name}` : name;
    visit({ node: key as Node, name, path, isRepeated: seen.has(name) });
    seen.add(name);
    eachKey(value, visit, path);
  }
}
