import { isStorableText } from './characters.js';
import { isLongerThan } from './text.js';

/** The fields that a search looks at, as they are stored. */
export interface SearchableProfile {
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly reference: string | null;
}

/** Words of fewer code points are found only whole. */
const SHORTEST_PREFIX = 3;
/** Longer words count by as many of their first code points. */
const LONGEST_PREFIX = 24;
/** How many code points the beginnings have that are indexed: each one costs a creation 5 µs of PostgreSQL's time. */
const INDEXED_PREFIXES = [14, 9, 6, 5, 4, 3];
const MAX_QUERY_LENGTH = 200;
const MAX_QUERY_WORDS = 10;
const FEWEST_PHONE_DIGITS = 7;

const NOT_OF_A_WORD = /[^\p{L}\p{M}\p{N}]+/gu;
/** Of such text the one form is its lower case. */
const ONLY_ASCII = /^[ -~]*$/;
/** An `x` is missing on purpose: a reference such as X1234567 is no phone number. */
const LIKE_A_PHONE = /^[0-9\s+\-().]+$/;

/**
 * Every word by which a customer can be found: of each token its letters, marks and digits joined (`obrien`) and
 * each unbroken part (`o`, `brien`); of the e-mail also its domain, joined; of the phone, and of any field that
 * looks like one, also all its digits joined.
 */
export function wordsOf(profile: SearchableProfile): Set<string> {
  const words = new Set<string>();
  for (const field of [profile.name, profile.email, profile.phone, profile.reference]) {
    const text = fold(field ?? '');
    for (const token of text.split(/\s+/)) {
      words.add(compact(token));
      for (const part of token.split(NOT_OF_A_WORD)) words.add(part);
    }
    if (looksLikePhone(text)) words.add(digitsOf(text));
  }
  words.add(compact(fold(profile.email?.split('@').at(-1) ?? '')));
  words.add(digitsOf(fold(profile.phone ?? '')));
  words.delete('');
  return words;
}

/** What is hashed and stored for some words. */
export interface Terms {
  /** By these they are found. */
  readonly indexed: Set<string>;
  /** Beginnings of lengths in between, which only narrow down what the index finds. */
  readonly others: Set<string>;
}

/**
 * The terms of these words: `=w` for a word of one or two code points, `^p` for each prefix of 3 to 24 of a longer
 * one. Both kinds keep apart by their first character.
 */
export function termsOf(words: Iterable<string>): Terms {
  const terms: Terms = { indexed: new Set(), others: new Set() };
  for (const word of words) {
    const marked = `^${word}`;
    let end = 1;
    let length = 0;
    for (const character of word) {
      if (length === LONGEST_PREFIX) break;
      end += character.length;
      length += 1;
      if (length < SHORTEST_PREFIX) continue;
      (INDEXED_PREFIXES.includes(length) ? terms.indexed : terms.others).add(marked.slice(0, end));
    }
    if (length < SHORTEST_PREFIX) terms.indexed.add(`=${word}`);
  }
  return terms;
}

/**
 * The term that the index has for this one: itself, or the longest shorter beginning of the same word that is indexed.
 * Whoever has the term has that one too.
 */
export function indexedTermOf(term: string): string {
  if (!term.startsWith('^')) return term;
  const characters = [...term];
  const length = INDEXED_PREFIXES.find((indexed) => indexed < characters.length);
  return length === undefined ? term : characters.slice(0, length + 1).join('');
}

/**
 * The terms of which a customer must have every one to be found. A blank search gives `[]`: no condition.
 * Null is a search that matches nothing: it has a character that is never stored, no letter or digit, more than 10 different words, or more than
 * 200 characters. A search that looks like a phone number as a whole is one word of its digits.
 */
export function queryTerms(search: string): string[] | null {
  const trimmed = search.trim();
  if (trimmed === '') return [];
  // Asked before folding, which takes time quadratic in the length of a run of marks.
  if (isLongerThan(trimmed, MAX_QUERY_LENGTH)) return null;
  if (!isStorableText(trimmed.replace(/\s+/g, ' '))) return null;
  const text = fold(trimmed);
  const words = looksLikePhone(text) ? [digitsOf(text)] : text.split(/\s+/).map(compact);
  const terms = new Set(words.filter((word) => word !== '').map(queryTerm));
  return terms.size === 0 || terms.size > MAX_QUERY_WORDS ? null : [...terms];
}

function queryTerm(word: string): string {
  const characters = [...word].slice(0, LONGEST_PREFIX);
  return `${characters.length < SHORTEST_PREFIX ? '=' : '^'}${characters.join('')}`;
}

/**
 * One form for all cases and widths. Upper case first, so that ß meets SS; the final sigma and the dotted i are
 * the two letters whose lower case depends on where they stand or on the language.
 */
function fold(text: string): string {
  if (ONLY_ASCII.test(text)) return text.toLowerCase();
  const lower = text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
  return lower.replaceAll('ς', 'σ').replaceAll('i\u0307', 'i');
}

function compact(token: string): string {
  return token.replace(NOT_OF_A_WORD, '');
}

function digitsOf(text: string): string {
  return text.replace(/[^0-9]+/g, '');
}

function looksLikePhone(text: string): boolean {
  return LIKE_A_PHONE.test(text) && digitsOf(text).length >= FEWEST_PHONE_DIGITS;
}
