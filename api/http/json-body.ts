import { HttpProblem } from './http-problem.ts';

/** Deeper than anything people write, shallow enough for everything that walks a body. */
const maxDepth = 64;

/** A body as text; throws HttpProblem when it is not UTF-8. A byte order mark is left out. */
export function utf8Text(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw bad('The body is not UTF-8. Send it in UTF-8.');
  }
}

/**
 * A JSON body, or undefined when it is empty. Throws HttpProblem for what is no JSON, and for what two readers could understand in two ways
 * or trip over: a key that occurs twice, `__proto__`, numbers beyond a double, U+0000, halves of characters, more than 64 levels.
 * Messages never quote values: they may be secret.
 */
export function parseJsonBody(body: Uint8Array): unknown {
  const text = utf8Text(body);
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bad('The body is not well-formed JSON.');
  }
  checkTokens(text);
  return value;
}

/** The keys seen so far of an object that is open; undefined for a list. */
type Open = Set<string> | undefined;

/** Reads valid JSON once more, token by token. */
function checkTokens(text: string): void {
  const open: Open[] = [];
  let isKeyNext = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{' || char === '[') {
      open.push(char === '{' ? new Set() : undefined);
      if (open.length > maxDepth) throw bad(`The body is nested too deeply; ${maxDepth} levels are taken.`);
      isKeyNext = char === '{';
    } else if (char === '}' || char === ']') {
      open.pop();
      isKeyNext = false;
    } else if (char === ',') {
      isKeyNext = open.at(-1) !== undefined;
    } else if (char === '"') {
      const end = endOfString(text, at);
      checkString(text.slice(at, end + 1), isKeyNext ? open.at(-1) : undefined);
      isKeyNext = false;
      at = end;
    } else if (char === '-' || isDigit(char)) {
      const end = endOfNumber(text, at);
      if (!Number.isFinite(Number(text.slice(at, end)))) throw bad('The body holds a number that is too large.');
      at = end - 1;
    }
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  while (isDigit(text[at]) || '.eE+-'.includes(text[at] ?? ' ')) at += 1;
  return at;
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9';
}

function checkString(quoted: string, keys: Open): void {
  const text = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  if (text.includes('\0')) throw bad('The body holds the character U+0000, which no field takes.');
  if (!text.isWellFormed()) throw bad('The body holds half of a character (an unpaired surrogate).');
  if (!keys) return;
  if (text === '__proto__') throw bad('There is no field __proto__.');
  if (keys.has(text)) throw bad('A field occurs twice in one object of the body. Send it once.');
  keys.add(text);
}

function bad(detail: string): HttpProblem {
  return new HttpProblem(400, 'MalformedBody', detail);
}
