import { isStorableInLines, trimmed } from './characters.js';
import { withAsciiDigits } from './digits.js';
import { foldCase, plainForms } from './fold.js';
import { type CustomerId, type PaymentMethodId, type PaymentToken, parseId, parseToken } from './id.js';
import { isLastFour } from './last-four.js';
import { cleanedPhone } from './phone.js';
import { phoneForms } from './phone-forms.js';
import {
  compact,
  digitsOf,
  FEWEST_LAST_DIGITS,
  gramsOf,
  indexedTermOf,
  looksLikePhone,
  NOT_OF_A_WORD,
  partedText,
  SHORTEST_PREFIX,
  termOf,
  unpartedText,
  withReadableDomain,
} from './search-words.js';
import { isLongerThan } from './text.js';

/** Terms that a customer has, every one, when it is found by a word in one way. */
export interface Alternative {
  /** What is looked up in the index. */
  readonly indexed: readonly string[];
  /** What customers have beside it that the index found. */
  readonly others: readonly string[];
}

/** One word of a search, and all the ways in which a customer can be found by it: any of them will do. */
export interface QueryWord {
  readonly alternatives: readonly Alternative[];
  /** What stands in the clear, with the customer or with one of its payment methods. */
  readonly id: (CustomerId & PaymentMethodId) | null;
  readonly token: PaymentToken | null;
  readonly lastFour: string | null;
}

/** Behind a number; a reference may begin like it. */
const EXTENSION = /(?<=[0-9)] ?)x[0-9]{1,7}$/;

/** What is left of a word without quotes, brackets and dots around it, as an id or a last four is pasted. */
const WITHOUT_SIGNS = /[0-9a-z](?:.*[0-9a-z])?/s;

const MAX_QUERY_LENGTH = 200;
const MAX_QUERY_WORDS = 10;

/**
 * The words by all of which a customer must be found. A blank search gives `[]`: no condition. Null is a search that
 * matches nothing: it has a character that is never stored, no letter or digit, more than 10 different words, or more
 * than 200 characters. A search that is a phone number as a whole is one word.
 */
export function queryWords(search: string): QueryWord[] | null {
  const text = trimmed(search);
  if (text === '') return [];
  // Asked before folding, which takes time quadratic in the length of a run of marks.
  if (isLongerThan(text, MAX_QUERY_LENGTH)) return null;
  const phone = cleanedPhone(text).replace(EXTENSION, '');
  if (looksLikePhone(phone)) return [toWord(phoneAlternatives(phone))];
  if (!isStorableInLines(text)) return null;
  const tokens = new Set(
    foldCase(text)
      .split(/\s+/)
      .filter((token) => compact(token) !== ''),
  );
  return tokens.size === 0 || tokens.size > MAX_QUERY_WORDS ? null : [...tokens].map(wordOf);
}

function wordOf(token: string): QueryWord {
  const [bare = ''] = WITHOUT_SIGNS.exec(withAsciiDigits(token)) ?? [];
  const ways = [token, foldCase(withReadableDomain(token))].flatMap(plainForms).flatMap(waysOf);
  // As customers are found whose hashes are from before accents, scripts and phones were seen to.
  const before = toAlternative([termOf(compact(token))]);
  return {
    ...toWord([...ways, before]),
    id: parseId(bare),
    token: parseToken(bare),
    lastFour: isLastFour(bare) ? bare : null,
  };
}

function waysOf(token: string): Alternative[] {
  const run = unpartedText(token);
  const between = partedText(token).split(/\s+/).map(compact);
  if (run !== '')
    return [toAlternative([...runTerms(run), ...between.filter((part) => part !== '').map(termOf)])];
  const parted = compact(token);
  const ways = [toAlternative([termOf(parted)])];
  const [first = '', ...rest] = token.split(NOT_OF_A_WORD).filter((part) => part !== '');
  // `anne-marie` is also `Anne Marie`, who has both joined beside the index; an e-mail stays one word.
  if (rest.length > 0 && !token.includes('@') && [...parted].length >= SHORTEST_PREFIX)
    ways.push({
      indexed: [indexedTermOf(termOf(first))],
      others: othersOf([termOf(first), termOf(parted)], true),
    });
  if (/^[0-9]+$/.test(parted) && parted.length >= FEWEST_LAST_DIGITS)
    ways.push(toAlternative([`$${parted}`]));
  return ways;
}

/** Two characters are asked for at once, where there are two. */
function runTerms(run: string): string[] {
  const grams = gramsOf(run);
  return grams.length === 1 ? grams : grams.filter((gram) => [...gram].length > 2);
}

/** The ways of a whole phone number: by its beginning, with its country's code or without, and by its end. */
function phoneAlternatives(phone: string): Alternative[] {
  const { international, national } = phoneForms(phone);
  const terms =
    international === null
      ? national.flatMap((digits) => [`$${digits}`, `!${digits}`])
      : [termOf(international), ...national.map((digits) => `~${digits}`)];
  return [termOf(digitsOf(phone)), ...terms].map((term) => toAlternative([term]));
}

function toAlternative(terms: readonly string[]): Alternative {
  return { indexed: terms.map(indexedTermOf), others: othersOf(terms, false) };
}

/** What the index alone does not tell; `always`: nor of terms of a length that is indexed for words. */
function othersOf(terms: readonly string[], always: boolean): string[] {
  return terms.filter((term) => always || indexedTermOf(term) !== term);
}

/** Ways that are the same count once. */
function toWord(alternatives: readonly Alternative[]): QueryWord {
  const different = new Map(alternatives.map((way) => [JSON.stringify(way), way]));
  return { alternatives: [...different.values()], id: null, token: null, lastFour: null };
}
