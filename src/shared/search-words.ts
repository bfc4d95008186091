import { domainToUnicode } from 'node:url';
import { foldCase, plainForms } from './fold.js';
import { phoneForms } from './phone-forms.js';

/** The fields that a search looks at, as they are stored. */
export interface SearchableProfile {
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly reference: string | null;
}

/** Words of fewer code points are found only whole. */
export const SHORTEST_PREFIX = 3;
/** Longer words count by as many of their first code points. */
export const LONGEST_PREFIX = 24;
/** How many code points the beginnings have that are indexed: each one costs a creation 5 µs of PostgreSQL's time. */
const INDEXED_PREFIXES = [14, 9, 6, 5, 4, 3];
/** A phone number is found by so many last digits, and by these lengths in the index. */
export const FEWEST_LAST_DIGITS = 4;
const MOST_LAST_DIGITS = 15;
const INDEXED_LAST_DIGITS = [9, 7, 4];
/** Of a run of Chinese, Japanese and Korean so many characters count. */
const LONGEST_RUN = 40;

export const NOT_OF_A_WORD = /[^\p{L}\p{M}\p{N}]+/gu;
/** Scripts that part no words. A library would, by a dictionary that changes with its version: stored hashes must not. */
const UNPARTED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]+/gu;

/**
 * Every word by which a customer can be found by its beginning: of each token its letters, marks and digits joined
 * (`obrien`) and each unbroken part (`o`, `brien`); of the e-mail also its domain and those above it, joined; of the
 * phone, and of any field that looks like one, also all its digits joined.
 */
export function wordsOf(profile: SearchableProfile): Set<string> {
  const words = new Set<string>();
  for (const field of textsOf(profile)) {
    for (const text of formsOf(field)) {
      for (const token of partedText(text).split(/\s+/)) {
        words.add(compact(token));
        for (const part of token.split(NOT_OF_A_WORD)) words.add(part);
      }
      if (looksLikePhone(text)) words.add(digitsOf(text));
    }
  }
  for (const domain of [...emailsOf(profile)].flatMap((email) => formsOf(email.split('@').at(-1)))) {
    const labels = domain.split('.');
    for (let at = 0; at < labels.length - 1; at++) words.add(compact(labels.slice(at).join('')));
  }
  for (const phone of formsOf(profile.phone)) words.add(digitsOf(phone));
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
 * All terms of a customer. The first character tells the kinds apart: those of `termsOf` for words; `g` for one or two
 * characters that stand together in a script that parts no words; of the phone `$` for its last digits, `~` for the
 * number as it is dialled at home where it was written so, `!` where it was not and that is no end of it.
 */
export function termsOfProfile(profile: SearchableProfile): Terms {
  const terms = termsOf(wordsOf(profile));
  for (const field of textsOf(profile)) {
    for (const text of formsOf(field))
      for (const gram of gramsOf(unpartedText(text))) terms.indexed.add(gram);
  }
  for (const name of formsOf(profile.name)) addJoinedWords(terms, name);
  if (profile.phone !== null) addPhone(terms, profile.phone);
  return terms;
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

/** Words of a name joined with those behind them only narrow down: `Anne-Marie` is looked for under its first part. */
function addJoinedWords(terms: Terms, name: string): void {
  const words = partedText(name)
    .split(/\s+/)
    .map(compact)
    .filter((word) => word !== '');
  for (let at = 0; at < words.length - 1; at++) {
    const { indexed, others } = termsOf([words.slice(at).join('')]);
    for (const term of [...indexed, ...others]) if (term.startsWith('^')) addOther(terms, term);
  }
}

function addPhone(terms: Terms, phone: string): void {
  const { international, national } = phoneForms(phone);
  const digits = international ?? national[0] ?? '';
  const most = Math.min(digits.length, MOST_LAST_DIGITS);
  for (let length = FEWEST_LAST_DIGITS; length <= most; length++) {
    const term = `$${digits.slice(-length)}`;
    if (INDEXED_LAST_DIGITS.includes(length)) terms.indexed.add(term);
    else terms.others.add(term);
  }
  if (international === null) {
    terms.indexed.add(`~${digits}`);
    return;
  }
  for (const other of national) if (!international.endsWith(other)) terms.indexed.add(`!${other}`);
  // As it was written it is among the words.
  if (digitsOf(phone) === international) return;
  const { indexed, others } = termsOf([international]);
  for (const term of indexed) terms.indexed.add(term);
  for (const term of others) addOther(terms, term);
}

function addOther({ indexed, others }: Terms, term: string): void {
  if (!indexed.has(term)) others.add(term);
}

/**
 * The term that the index has for this one: itself, or the longest shorter beginning of the same word, or end of the
 * same number, that is indexed. Whoever has the term has that one too.
 */
export function indexedTermOf(term: string): string {
  const kind = term.charAt(0);
  if (kind !== '^' && kind !== '$') return term;
  const characters = [...term.slice(1)];
  const indexed = kind === '^' ? INDEXED_PREFIXES : INDEXED_LAST_DIGITS;
  const length = indexed.find((length) => length <= characters.length);
  if (length === undefined) return term;
  return kind + (kind === '^' ? characters.slice(0, length) : characters.slice(-length)).join('');
}

/** The one term of a word that is searched for. */
export function termOf(word: string): string {
  const characters = [...word].slice(0, LONGEST_PREFIX);
  return `${characters.length < SHORTEST_PREFIX ? '=' : '^'}${characters.join('')}`;
}

/** The terms of a run: each character, and each two that stand together. */
export function gramsOf(run: string): string[] {
  const characters = [...run].slice(0, LONGEST_RUN);
  return characters.flatMap((character, at) => {
    const next = characters[at + 1];
    return next === undefined ? [`g${character}`] : [`g${character}`, `g${character}${next}`];
  });
}

/** What of a text is in scripts that part words. */
export function partedText(text: string): string {
  return text.replace(UNPARTED, ' ');
}

/** What of a text is in scripts that do not, as one run: blanks or none between mean the same. */
export function unpartedText(text: string): string {
  return (text.match(UNPARTED) ?? []).join('');
}

const ASCII_DOMAIN = /(?<![^@\s])(?:[^@\s.]+\.)*xn--[^@\s]+/gi;

/** The text with domains in letters of their own in place of ASCII: `bücher.example` for `xn--bcher-kva.example`. */
export function withReadableDomain(text: string): string {
  return text.replace(ASCII_DOMAIN, (domain) => domainToUnicode(domain) || domain);
}

export function compact(token: string): string {
  return token.replace(NOT_OF_A_WORD, '');
}

export function digitsOf(text: string): string {
  return text.replace(/[^0-9]+/g, '');
}

const FEWEST_PHONE_DIGITS = 7;
/** An `x` is missing on purpose: a reference such as X1234567 is no phone number. */
const LIKE_A_PHONE = /^[0-9\s+\-()./]+$/;

export function looksLikePhone(text: string): boolean {
  return LIKE_A_PHONE.test(text) && digitsOf(text).length >= FEWEST_PHONE_DIGITS;
}

function textsOf(profile: SearchableProfile): (string | null)[] {
  return [profile.name, ...emailsOf(profile), profile.phone, profile.reference];
}

/** As it was written, and in letters where its domain has others than ASCII. */
function emailsOf({ email }: SearchableProfile): Set<string> {
  return new Set(email === null ? [] : [email, withReadableDomain(email)]);
}

function formsOf(text: string | null | undefined): string[] {
  return plainForms(foldCase(text ?? ''));
}
