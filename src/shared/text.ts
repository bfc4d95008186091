import { containsCardNumber, type FieldKind } from './card-number.js';
import { describeUnstorable, inOneLine, isInvisible, isStorableInLines, trimmed } from './characters.js';
import { hasDigits } from './digits.js';
import type { ProblemCode } from './result.js';

/** What is wrong with a value. The message never repeats the value. */
export interface Fault {
  readonly code: ProblemCode;
  readonly message?: string;
}

/** One checked value, or the one thing that is wrong with it. */
export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Fault };

export interface TextRules {
  /** In code points, after normalisation. */
  readonly maxLength: number;
  /** `text` when left out. */
  readonly kind?: FieldKind;
  /** Whether tabs and line ends stay, and what nobody can see counts as text. One line when left out. */
  readonly lines?: 'many';
}

/** Nothing that is stored has more than 4,000 UTF-16 units before it is composed. Beyond this it is only too long. */
const LONGEST_EXAMINED = 10_000;

/** A text with more digits than this, and than its field has room for, is only too long: digits are never composed. */
const MOST_DIGITS = 100;

/** A composed character stands for at most four code points of two UTF-16 units each. */
const UNITS_PER_COMPOSED_CHARACTER = 8;

/**
 * The one gate for every string that is stored: gives it in one line, without white space and marks at
 * its ends, and in NFC. Blank text, and what nobody can see, is accepted as `''`; whether something is required is
 * the caller's question.
 * Refuses CARD_NUMBER_REFUSED before INVALID (a character that is never stored) before TOO_LONG.
 */
export function checkText(raw: string, rules: TextRules): Checked<string> {
  if (raw.length > LONGEST_EXAMINED) return tooLong(rules.maxLength);
  if (hasDigits(raw, Math.max(rules.maxLength, MOST_DIGITS) + 1)) return tooLong(rules.maxLength);
  if (containsCardNumber(raw, rules.kind)) return refuse('CARD_NUMBER_REFUSED');
  return normalise(raw, rules);
}

/**
 * The same gate for a string that is only looked up: what must not be sent at all, null for anything else. What
 * merely has a form that nothing stored has, such as being too long, is no fault: it matches nothing.
 */
export function faultOfLookUp(raw: string, kind?: FieldKind): 'CARD_NUMBER_REFUSED' | 'INVALID' | null {
  if (raw.length > LONGEST_EXAMINED) return null;
  if (containsCardNumber(raw, kind)) return 'CARD_NUMBER_REFUSED';
  return isStorableInLines(trimmed(raw)) ? null : 'INVALID';
}

/** A string to look up in the form in which it would be stored; null where it could not be: it matches nothing. */
export function textForComparison(raw: string, rules: Omit<TextRules, 'kind'>): string | null {
  const checked = normalise(raw, rules);
  return checked.ok ? checked.value : null;
}

function normalise(raw: string, { maxLength, lines }: TextRules): Checked<string> {
  const bare = trimmed(raw);
  if (!isStorableInLines(bare)) return refuse('INVALID', describeUnstorable(raw));
  // Asked before normalising, which takes time quadratic in the length of a run of marks.
  if (bare.length > maxLength * UNITS_PER_COMPOSED_CHARACTER) return tooLong(maxLength);
  const value = (lines === 'many' ? bare : inOneLine(bare)).normalize('NFC');
  if (lines !== 'many' && isInvisible(value)) return accept('');
  return isLongerThan(value, maxLength) ? tooLong(maxLength) : accept(value);
}

/** Whether the text has more code points than that; counts no further than it must. */
export function isLongerThan(text: string, codePoints: number): boolean {
  if (text.length <= codePoints) return false;
  if (text.length > codePoints * 2) return true;
  let count = 0;
  for (const _ of text) count++;
  return count > codePoints;
}

export function accept<Value>(value: Value): Checked<Value> {
  return { ok: true, value };
}

export function refuse(code: ProblemCode, message?: string): Checked<never> {
  return { ok: false, problem: message === undefined ? { code } : { code, message } };
}

function tooLong(maxLength: number): Checked<never> {
  return refuse('TOO_LONG', `Longer than ${maxLength} characters.`);
}
