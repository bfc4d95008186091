/** What a JSON text says of itself before it is parsed. */
export interface Shape {
  /** Names in its objects, the repeated ones too. */
  members: number;
}

/**
 * The shape of a JSON text, or null where it nests deeper or holds more values than any request needs: to parse and
 * check that would cost a hundred times what its bytes suggest.
 *
 * @param text not parsed yet, and perhaps no JSON at all.
 */
export function shapeOf(text: string): Shape | null {
  let [depth, values, members] = [0, 1, 0];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) at = endOfString(text, at);
    else if (unit === COLON) members++;
    else if (unit === COMMA) values++;
    else if (unit === CLOSE_LIST || unit === CLOSE_OBJECT) depth--;
    else if (unit === OPEN_LIST || unit === OPEN_OBJECT) {
      depth++;
      values++;
    }
    if (depth > DEEPEST || values > MOST_VALUES) return null;
  }
  return { members };
}

/**
 * Whether an object in a JSON text has two members of one name, of which `JSON.parse` silently
 * drops the first. The text has as many members as it has colons outside strings, so they are counted on both sides.
 *
 * @param value what `JSON.parse` made of the text with this shape.
 */
export function hasDuplicateMembers(shape: Shape, value: unknown): boolean {
  return shape.members !== membersOf(value);
}

const DEEPEST = 64;
const MOST_VALUES = 10_000;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** The place of the quote that ends the string which begins here. */
function endOfString(text: string, start: number): number {
  const end = text.indexOf('"', start + 1);
  if (end < 0) return text.length;
  return text.charCodeAt(end - 1) === BACKSLASH ? endOfEscaped(text, start) : end;
}

/** The same for a string with backslashes: to look for one quote after the other takes ten times as long. */
function endOfEscaped(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) return at;
    if (unit === BACKSLASH) at++;
  }
  return text.length;
}

function membersOf(value: unknown): number {
  let count = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    const values = Object.values(next);
    if (!Array.isArray(next)) count += values.length;
    for (const below of values) if (typeof below === 'object') open.push(below);
  }
  return count;
}
