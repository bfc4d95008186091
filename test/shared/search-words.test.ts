import fc from 'fast-check';
import {
  indexedTermOf,
  queryTerms,
  type SearchableProfile,
  termsOf,
  wordsOf,
} from '../../src/shared/search-words.js';

test('takes a name apart, joined and in parts', () => {
  expect(wordsOf(aProfile({ name: 'Mary-Jane  O’Brien' }))).toEqual(
    new Set(['maryjane', 'mary', 'jane', 'obrien', 'o', 'brien']),
  );
});

test('takes an e-mail apart, with its domain joined', () => {
  expect(wordsOf(aProfile({ email: 'Jane.Doe@Example.com' }))).toEqual(
    new Set(['janedoeexamplecom', 'jane', 'doe', 'example', 'com', 'examplecom']),
  );
});

test('takes a phone number apart, and as all its digits', () => {
  expect(wordsOf(aProfile({ phone: '+1 555-1234 x7' }))).toEqual(
    new Set(['1', '5551234', '555', '1234', 'x7', '155512347']),
  );
});

test('finds no word in nothing or in signs', () => {
  expect(wordsOf(aProfile({ name: ' – ! ', reference: '' }))).toEqual(new Set());
});

test('makes prefixes of 3 to 24 characters, and keeps short words whole', () => {
  expect([...allTermsOf(['li', 'anna', '😀b'])].sort()).toEqual(['=li', '=😀b', '^ann', '^anna']);
  const terms = [...allTermsOf(['a'.repeat(30)])].sort();
  expect(terms.map((term) => term.length - 1)).toEqual(Array.from({ length: 22 }, (_, at) => at + 3));
});

test.each([
  ['Jane DOE', ['^jane', '^doe']],
  ['  O’Brien, ', ['^obrien']],
  ['li', ['=li']],
  ['jane jane', ['^jane']],
  ['jane ! doe', ['^jane', '^doe']],
  ['a'.repeat(30), [`^${'a'.repeat(24)}`]],
  ['+1 (555) 123-4567', ['^15551234567']],
  ['555 123', ['^555', '^123']],
  ['X1234567', ['^x1234567']],
  ['𝟓𝟓𝟓 １２３４', ['^5551234']],
])('asks for %j with %j', (search, expected) => {
  expect(queryTerms(search)).toEqual(expected);
});

test.each(['', ' \t '])('sets no condition for the blank search %j', (search) => {
  expect(queryTerms(search)).toEqual([]);
});

test('matches nothing where no letter or digit is asked for', () => {
  expect(queryTerms('?! -')).toBeNull();
});

test('matches nothing for more than 10 different words or 200 characters', () => {
  expect(queryTerms('a b c d e f g h i j a')).toHaveLength(10);
  expect(queryTerms('a b c d e f g h i j k')).toBeNull();
  expect(queryTerms('😀a'.repeat(100))).toHaveLength(1);
  expect(queryTerms('a'.repeat(201))).toBeNull();
});

test.each([
  ['STRASSE', 'Straße'],
  ['straße', 'STRASSE'],
  ['istanbul', 'İSTANBUL'],
  ['ΟΔΥΣ', 'Οδυσσέας'],
  ['Οδυς', 'ΟΔΥΣΣΕΥΣ'],
  ['ｊａｎｅ', 'Jane'],
  ['jose\u0301', 'JOSÉ'],
  ['mary', 'Mary-Jane'],
  ['maryj', 'Mary-Jane'],
  ['brien', 'O’Brien'],
  ['doe jane', 'Jane Doe'],
  ['田', '田 中'],
])('finds by %s the name %s', (search, name) => {
  expect(finds(search, aProfile({ name }))).toBe(true);
});

test.each([
  ['田', '田中'],
  ['ja', 'Jane'],
  ['ane', 'Jane'],
  ['jane smith', 'Jane Doe'],
])('does not find by %s the name %s', (search, name) => {
  expect(finds(search, aProfile({ name }))).toBe(false);
});

test.each(['example.com', 'jane@example', '555-1234', '(555) 1234 567', 'cust-00', '0012 jane', 'CUST 0012'])(
  'finds across fields by %s',
  (search) => {
    const profile = { name: 'Jane', email: 'jane@example.com', phone: '5551234567', reference: 'CUST-0012' };
    expect(finds(search, profile)).toBe(true);
  },
);

test.each([
  ['^ann', '^ann'],
  ['^annamar', '^annama'],
  ['^annamaria', '^annamaria'],
  ['^annamarialoui', '^annamaria'],
  ['^annamarialouis', '^annamarialouis'],
  [`^${'😀'.repeat(24)}`, `^${'😀'.repeat(14)}`],
  ['=li', '=li'],
])('looks for %s in the index under %s', (term, indexed) => {
  expect(indexedTermOf(term)).toBe(indexed);
});

test('indexes a beginning of every beginning of a word', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 3, maxLength: 30 }), (word) => {
      const { indexed, others } = termsOf([word]);
      expect([...indexed].map(indexedTermOf)).toEqual([...indexed]);
      expect([...others].map(indexedTermOf).filter((term) => !indexed.has(term))).toEqual([]);
    }),
  );
});

const FIELDS = ['name', 'email', 'phone', 'reference'] as const;
const characters = fc.oneof(
  fc.constantFrom(...'ab1 23-.@+()x'),
  fc.string({ unit: 'grapheme', maxLength: 1 }),
);
const someText = fc.string({ unit: characters, maxLength: 30 });

test('finds a customer by the whole of any field, in any case', () => {
  fc.assert(
    fc.property(fc.constantFrom(...FIELDS), someText, (field, text) => {
      const profile = aProfile({ [field]: text });
      for (const search of [text, text.toUpperCase(), text.toLowerCase()]) {
        if (queryTerms(search) !== null) expect(finds(search, profile)).toBe(true);
      }
    }),
  );
});

test('finds a customer by the beginning of any word, from three characters on', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-zäß]{3,30}$/),
      fc.nat(),
      fc.constantFrom(...FIELDS),
      (word, cut, field) => {
        const beginning = word.slice(0, 3 + (cut % (word.length - 2)));
        expect(finds(beginning, aProfile({ [field]: `- ${word} b` }))).toBe(true);
      },
    ),
  );
});

function aProfile(some: Partial<SearchableProfile> = {}): SearchableProfile {
  return { name: null, email: null, phone: null, reference: null, ...some };
}

function finds(search: string, profile: SearchableProfile): boolean {
  const terms = allTermsOf(wordsOf(profile));
  return queryTerms(search)?.every((term) => terms.has(term)) ?? false;
}

function allTermsOf(words: Iterable<string>): Set<string> {
  const { indexed, others } = termsOf(words);
  return new Set([...indexed, ...others]);
}
