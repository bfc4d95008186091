/**
 * Control characters, lone surrogates, bidirectional controls and tags. PostgreSQL refuses NUL with an error and
 * stores a lone surrogate as another character; a bidirectional control makes a text read unlike what it is; tags
 * are a second ASCII that nobody sees, in which any text can hide. (Three flags, such as Scotland's, are made of them.)
 */
const UNSTORABLE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u;

/** Of these, what a text of several lines has. */
const LAYOUT = /[\t\n\v\f\r\x85\u2028\u2029]+/g;

/** White space, and marks without a width that a paste brings along: of direction, of joining, of the byte order. */
const EDGE = /[\s\x85\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/;

/** What has no width of its own, marks of direction among it. */
const WITHOUT_WIDTH = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
const DASH = /[\p{Pd}\u2043\u2212\u30fc]/gu;
const BLANK = /\p{Z}/gu;

/** What leaves no ink: signs without a width, fillers, and the braille cell without a dot. */
const INVISIBLE = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** The text without white space and marks at its ends. */
export function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && EDGE.test(text.charAt(start))) start++;
  while (end > start && EDGE.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** The text in one line: tabs and line ends, as a paste brings them along, become a blank. */
export function inOneLine(text: string): string {
  return text.replace(LAYOUT, ' ');
}

/** A pasted code or number with the letters, hyphens and blanks of one form and width, and nothing that has no width. */
export function withPlainSigns(text: string): string {
  return text.normalize('NFKC').replace(WITHOUT_WIDTH, '').replace(DASH, '-').replace(BLANK, ' ');
}

/** Whether nobody could see the text. */
export function isInvisible(text: string): boolean {
  return INVISIBLE.test(text);
}

/** Whether a string can be handed to the database at all. Says nothing about card numbers. */
export function isStorableText(text: string): boolean {
  return !UNSTORABLE.test(text);
}

/** The same for a text that may have several lines. */
export function isStorableInLines(text: string): boolean {
  return isStorableText(inOneLine(text));
}

/** Which character of a text is the first that is never stored, and where it stands; at the ends it would be cut. */
export function describeUnstorable(text: string): string {
  const bare = trimmed(text);
  const before = Array.from(text.slice(0, text.indexOf(bare))).length;
  const characters = Array.from(bare);
  const index = characters.findIndex((character) => !isStorableInLines(character));
  const code = characters[index]?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return `Character ${before + index + 1} is U+${code}, which is not allowed.`;
}
