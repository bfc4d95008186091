// The terms that the vault finds a customer by. All that is searched for here is ASCII.

const SHORTEST = 3;
const LONGEST = 24;
/** How long the beginnings of words are that the index has; those in between only narrow down what it finds. */
const INDEXED = [14, 9, 6, 5, 4, 3];
const NO_WORD = /[^a-z0-9]+/g;

/** The terms of a customer: those in the index, and the others. */
export function termsOf({ name, email, phone, reference, metadata }) {
  const indexed = new Set();
  const others = new Set();
  for (const word of wordsOf([name, email, phone, reference], email, phone)) {
    if (word.length < SHORTEST) indexed.add(`=${word}`);
    for (let length = SHORTEST; length <= Math.min(word.length, LONGEST); length += 1) {
      (INDEXED.includes(length) ? indexed : others).add(`^${word.slice(0, length)}`);
    }
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
  words.add((email ?? '').toLowerCase().split('@').at(-1).replace(NO_WORD, ''));
  words.add((phone ?? '').replace(/[^0-9]+/g, ''));
  words.delete('');
  return words;
}
