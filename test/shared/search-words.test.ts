import fc from 'fast-check';
import { indexedTermOf, termsOf, termsOfProfile, wordsOf } from '../../src/shared/search-words.js';
import { aProfile } from './search-factories.js';

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
  ['^ann', '^ann'],
  ['^annamar', '^annama'],
  ['^annamaria', '^annamaria'],
  ['^annamarialoui', '^annamaria'],
  ['^annamarialouis', '^annamarialouis'],
  [`^${'😀'.repeat(24)}`, `^${'😀'.repeat(14)}`],
  ['=li', '=li'],
  ['$4567', '$4567'],
  ['$34567', '$4567'],
  ['$5551234567', '$551234567'],
  ['~5551234567', '~5551234567'],
  ['g田中', 'g田中'],
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

function allTermsOf(words: Iterable<string>): Set<string> {
  const { indexed, others } = termsOf(words);
  return new Set([...indexed, ...others]);
}

test('has the words of a name joined beside the index only', () => {
  const { indexed, others } = termsOfProfile(aProfile({ name: 'Anne Marie' }));

  expect([...indexed].sort()).toEqual(['^ann', '^anne', '^mar', '^mari', '^marie']);
  expect([...others].sort()).toEqual(['^annem', '^annema', '^annemar', '^annemari', '^annemarie']);
});

test('has each character and each two of a script that parts no words, blanks or none between', () => {
  for (const name of ['山田太郎', '山田 太郎', '山田\u3000太郎'])
    expect([...termsOfProfile(aProfile({ name })).indexed].sort()).toEqual(
      ['g山', 'g山田', 'g田', 'g田太', 'g太', 'g太郎', 'g郎'].sort(),
    );
});

test.each([
  ['+1 555 123 4567', ['$1234567', '$4567', '$551234567']],
  ['0171 1234567', ['$1234567', '$4567', '$711234567', '~1711234567']],
  ['+7 912 345-67-89', ['!89123456789', '$123456789', '$3456789', '$6789']],
])('finds the phone %s by its last digits and as it is dialled at home', (phone, expected) => {
  const { indexed } = termsOfProfile(aProfile({ phone }));

  expect([...indexed].filter((term) => /^[$~!]/.test(term)).sort()).toEqual(expected);
});

test('keeps no term twice', () => {
  const { indexed, others } = termsOfProfile(
    aProfile({ name: 'Anne-Marie Müller', phone: '+49 171 1234567', email: 'a.mueller@mail.example.com' }),
  );

  expect([...others].filter((term) => indexed.has(term))).toEqual([]);
});
