// The terms that the vault finds a customer by. All that is searched for here is ASCII.

const SHORTEST = 3;
const LONGEST = 24;
/** How long the beginnings of words are that the index has; those in between only narrow down what it finds. */
const INDEXED = [14, 9, 6, 5, 4, 3];
/** How many last digits of a phone number the index has. */
const LAST_DIGITS = [9, 7, 4];
const NO_WORD = /[^a-z0-9]+/g;

/** The terms of a customer, whose phone is an American one: those in the index, and the others. */
export function termsOf({ name, email, phone, reference, metadata }) {
  const indexed = new Set();
  const others = new Set();
  for (const word of wordsOf([name, email, phone, reference], email, phone)) {
    if (word.length < SHORTEST) indexed.add(`=${word}`);
    for (const length of lengthsOf(word)) {
      (INDEXED.includes(length) ? indexed : others).add(`^${word.slice(0, length)}`);
    }
  }
  for (const joined of joinedWordsOf(name)) {
    for (const length of lengthsOf(joined)) {
      const term = `^${joined.slice(0, length)}`;
      if (!indexed.has(term)) others.add(term);
    }
  }
  const digits = digitsOf(phone);
  for (let length = LAST_DIGITS.at(-1); length <= digits.length; length += 1) {
    (LAST_DIGITS.includes(length) ? indexed : others).add(`$${digits.slice(-length)}`);
  }
  for (const [key, value] of Object.entries(metadata ?? {})) indexed.add(`m${key}\0${value}`);
  return { indexed, others };
}

/** The terms that whoever is found has all of: those to look up in the index, and those to compare then. */
export function searchTermsOf(search) {
  const indexed = new Set();
  const others = new Set();
  for (const token of search.toLowerCase().split(/\s+/)) {
    const word = token.replace(NO_WORD, '').slice(0, LONGEST);
    const length = INDEXED.find((known) => known <= word.length);
    indexed.add(length === undefined ? `=${word}` : `^${word.slice(0, length)}`);
    if (length !== undefined && length !== word.length) others.add(`^${word}`);
  }
  return { indexed, others };
}

function wordsOf(fields, email, phone) {
  const words = new Set();
  for (const field of fields) {
    for (const token of (field ?? '').toLowerCase().split(/\s+/)) {
      words.add(token.replace(NO_WORD, ''));
      for (const part of token.split(NO_WORD)) words.add(part);
    }
  }
  const labels = (email ?? '').toLowerCase().split('@').at(-1).split('.');
  for (let at = 0; at < labels.length - 1; at += 1) words.add(labels.slice(at).join('').replace(NO_WORD, ''));
  words.add(digitsOf(phone));
  words.delete('');
  return words;
}

/** Each word of a name with those behind it. */
function joinedWordsOf(name) {
  const words = (name ?? '')
    .toLowerCase()
    .split(/\s+/)
    .map((token) => token.replace(NO_WORD, ''))
    .filter((word) => word !== '');
  return words.slice(0, -1).map((_, at) => words.slice(at).join(''));
}

function lengthsOf(word) {
  const longest = Math.min(word.length, LONGEST);
  return Array.from({ length: Math.max(0, longest - SHORTEST + 1) }, (_, at) => SHORTEST + at);
}

function digitsOf(phone) {
  return (phone ?? '').replace(/[^0-9]+/g, '');
}
