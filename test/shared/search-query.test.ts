import fc from 'fast-check';
import { queryWords } from '../../src/shared/search-query.js';
import { type SearchableProfile, termsOfProfile } from '../../src/shared/search-words.js';
import { aProfile } from './search-factories.js';

/** The ways of the words that a search asks for, each as its terms. */
function waysOf(search: string): string[][] | undefined {
  return queryWords(search)?.map(({ alternatives }) => alternatives.map(({ indexed }) => indexed.join('&')));
}

function finds(search: string, profile: SearchableProfile): boolean {
  const { indexed, others } = termsOfProfile(profile);
  const words = queryWords(search) ?? [];
  return (
    words.length > 0 &&
    words.every(({ alternatives }) =>
      alternatives.some(
        (way) =>
          way.indexed.every((term) => indexed.has(term)) &&
          way.others.every((term) => indexed.has(term) || others.has(term)),
      ),
    )
  );
}

test.each([
  ['Jane DOE', [['^jane'], ['^doe']]],
  ['li', [['=li']]],
  ['jane jane', [['^jane']]],
  ['jane ! doe', [['^jane'], ['^doe']]],
  ['a'.repeat(30), [[`^${'a'.repeat(14)}`]]],
  ['555 123', [['^555'], ['^123']]],
  ['X1234567', [['^x12345']]],
])('asks for %j with %j', (search, expected) => {
  expect(waysOf(search)).toEqual(expected);
});

test.each(['', ' \t ', '\u200e'])('sets no condition for the blank search %j', (search) => {
  expect(queryWords(search)).toEqual([]);
});

test('matches nothing where no letter or digit is asked for', () => {
  expect(queryWords('?! -')).toBeNull();
});

test('matches nothing for more than 10 different words or 200 characters', () => {
  expect(queryWords('a b c d e f g h i j a')).toHaveLength(10);
  expect(queryWords('a b c d e f g h i j k')).toBeNull();
  expect(queryWords('😀a'.repeat(100))).toHaveLength(1);
  expect(queryWords('a'.repeat(201))).toBeNull();
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
  // Accents do not count, in any script.
  ['jose', 'José'],
  ['José', 'Jose'],
  ['munoz', 'Muñoz'],
  ['ΘΑΝΑΣΗΣ', 'Θανάσης Παππάς'],
  ['θανασης', 'Θανάσης Παππάς'],
  ['Θανάσης', 'ΘΑΝΑΣΗΣ ΠΑΠΠΑΣ'],
  ['ΠΑΠΠΑΣ', 'Θανάσης Παππάς'],
  ['παππάς', 'ΘΑΝΑΣΗΣ ΠΑΠΠΑΣ'],
  ['muller', 'Müller'],
  ['mueller', 'Müller'],
  ['MUELLER', 'MÜLLER'],
  ['müller', 'Mueller'],
  ['müller', 'Muller'],
  ['lukasz', 'Łukasz'],
  ['oster', 'Øster'],
  ['oester', 'Øster'],
  ['angstrom', 'Ångström'],
  ['aangstroem', 'Ångström'],
  ['aeroskobing', 'Ærøskøbing'],
  ['nguyen van duc', 'Nguyễn Văn Đức'],
  ['sinead', 'Sinéad'],
  ['dvorak', 'Dvořák'],
  ['ipek', 'İpek'],
  ['isik', 'Işık'],
  ['thordis', 'Þórdís'],
  ['петр', 'Пётр'],
  ['андреи', 'Андрей'],
  ['علي', 'علی'],
  ['كريم', 'کریم'],
  ['احمد', 'أَحْمَد'],
  ['فاطمه', 'فاطمة'],
  ['שלום', 'שָׁלוֹם'],
  ['कमर', 'क़मर'],
  ['odegaard', 'Ødegård'],
  ['oedegard', 'Ødegård'],
  ['ødegård', 'Odegaard'],
  ['касым', 'Қасым'],
  ['гани', 'Ғани'],
  ['eliyev', 'Əliyev'],
  ['kofi', 'Kɔfi'],
  // Hyphens, apostrophes and blanks.
  ['Anne-Marie', 'Anne Marie'],
  ['Anne Marie', 'Anne-Marie'],
  ['anne‑mar', 'Anne Marie Smith'],
  ['anne-m', 'Anne Marie'],
  ['al-sayed', 'Al Sayed'],
  ['al sayed', 'Al-Sayed'],
  ['al-sayed', 'Alsayed'],
  ["d'angelo", 'D Angelo'],
  ['D Angelo', "D'Angelo"],
  ['d’angelo', 'DAngelo'],
  ['dangelo', 'Dʼangelo'],
  ['obrien', 'O´Brien'],
  ["o'brien", 'O´Brien'],
  ['o´brien', "O'Brien"],
  ['o´brien', 'Obrien'],
  ["o'brien", 'Oꞌbrien'],
  ['dʼangelo', "D'Angelo"],
  ['jean-claude van damme', 'Jean Claude Van-Damme'],
  // Scripts that part no words: one and two characters, given names, blanks or none between.
  ['田', '田中'],
  ['中', '田中太郎'],
  ['田中', '田中太郎'],
  ['太郎', '田中太郎'],
  ['田中太郎', '田中 太郎'],
  ['田中 太郎', '田中太郎'],
  ['太郎 田中', '田中\u3000太郎'],
  ['小明', '王小明'],
  ['王', '王小明'],
  ['철수', '김철수'],
  ['김', '김철수'],
  ['김 철수', '김철수'],
  ['たなか', 'タナカ'],
  ['ﾀﾅｶ', 'たなか'],
  ['カタリーナ', 'カタリーナ・ロペス'],
  ['abc東京', 'ABC 東京支店'],
  ['東京', 'ABC東京支店'],
  ['3田a', '3田a'],
])('finds by %s the name %s', (search, name) => {
  expect(finds(search, aProfile({ name }))).toBe(true);
});

test.each([
  ['ja', 'Jane'],
  ['ane', 'Jane'],
  ['jane smith', 'Jane Doe'],
  ['jane-mary', 'Mary Jane'],
  ['中田', '田中'],
  ['か', 'が'],
  ['muellar', 'Müller'],
])('does not find by %s the name %s', (search, name) => {
  expect(finds(search, aProfile({ name }))).toBe(false);
});

test.each([
  'example.com',
  'jane@example',
  '555-1234',
  '(555) 1234 567',
  'cust-00',
  '0012 jane',
  'CUST 0012',
  '@example.com',
  'shop.example.com',
  'jané',
])('finds across fields by %s', (search) => {
  const profile = {
    name: 'Jane',
    email: 'jane@shop.example.com',
    phone: '5551234567',
    reference: 'CUST-0012',
  };
  expect(finds(search, { ...profile, ...(search === 'jane@example' && { email: 'jane@example.com' }) })).toBe(
    true,
  );
});

test.each([
  ['anna@bücher.example', 'bücher.example'],
  ['anna@bücher.example', 'xn--bcher-kva.example'],
  ['anna@bücher.example', 'anna@XN--bcher-kva.example'],
  ['anna@shop.xn--bcher-kva.example', 'bücher.example'],
  ['anna@shop.xn--bcher-kva.example', 'buecher'],
  ['anna@shop.xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['anna@shop.xn--bcher-kva.example', 'anna@shop.bücher.example'],
  ['anna@xn--r8jz45g.example', '例え'],
])('finds the e-mail %s by %s', (email, search) => {
  expect(finds(search, aProfile({ email }))).toBe(true);
});

test.each([
  ['+1 (555) 123-4567', '5551234567'],
  ['+1 (555) 123-4567', '1 555 123 4567'],
  ['+1 (555) 123-4567', '001 555 123 4567'],
  ['+1 (555) 123-4567', '15551234567'],
  ['+1 (555) 123-4567', '1555123'],
  ['+1 (555) 123-4567', '1234567'],
  ['+1 (555) 123-4567', '4567'],
  ['+1 (555) 123-4567', '123-4567'],
  ['+1 (555) 123-4567', 'tel:+1-555-123-4567'],
  ['+1 (555) 123-4567', '\u202a+1 555\u200e 123 4567\u202c'],
  ['+1 (555) 123-4567', '＋１ ５５５ １２３ ４５６７'],
  ['+1 (555) 123-4567x12', '+1 555 123 4567'],
  ['+1 (555) 123-4567x12', '555 123 4567 ext. 12'],
  ['+1 (555) 123-4567x12', '4567'],
  ['(555) 123-4567', '+1 555 123 4567'],
  ['1 555 123 4567', '+1 555 123 4567'],
  ['5551234567', '1 (555) 123-4567'],
  ['+49 171 1234567', '0171 1234567'],
  ['+49 (0)171 1234567', '+49 171 1234567'],
  ['+49 171 1234567', '+49 (0)171 1234567'],
  ['+49 171 1234567', '0049 171 1234567'],
  ['0049 171 1234567', '+49 171 1234567'],
  ['0171 1234567', '+49 171 1234567'],
  ['+49 171 1234567', '0171/1234567'],
  ['0171 1234567', '+49 (0)171/123 45 67'],
  ['0171 1234567', '0049 171 1234567'],
  ['0171 1234567', '00 49 171 1234567'],
  ['00 49 171 1234567', '+49 171 1234567'],
  ['00-49-171-1234567', '0171 1234567'],
  ['(0049) 171 1234567', '+49 171 1234567'],
  ['+49 171 1234567', '+ (49) 171 1234567'],
  ['0171 1234567', '171 1234567'],
  ['+44 20 7946 0958', '020 7946 0958'],
  ['020 7946 0958', '+44 20 7946 0958'],
  ['+39 06 1234 5678', '06 1234 5678'],
  ['06 1234 5678', '+39 06 1234 5678'],
  ['+7 912 345-67-89', '8 912 345-67-89'],
  ['8 912 345-67-89', '+7 912 345-67-89'],
  ['+36 20 123 4567', '06 20 123 4567'],
  ['+81 90-1234-5678', '090-1234-5678'],
  ['+98 912 123 4567', '۰۹۱۲ ۱۲۳ ۴۵۶۷'],
])('finds the phone %s by %s', (phone, search) => {
  expect(finds(search, aProfile({ phone }))).toBe(true);
});

test.each([
  ['+49 171 1234567', '+43 171 1234567'],
  ['+1 555 123 4567', '555 123 4568'],
  ['+1 555 123 4567', '567'],
  ['0171 1234567', '0171 1234568'],
])('does not find the phone %s by %s', (phone, search) => {
  expect(finds(search, aProfile({ phone }))).toBe(false);
});

test('finds a reference with slashes by the whole of it', () => {
  expect(finds('2024/0001234', aProfile({ reference: '2024/0001234' }))).toBe(true);
  expect(finds('12 34/567890', aProfile({ reference: '12 34/567890' }))).toBe(true);
});

test('reads what stands in the clear', () => {
  const id = '6b0abfb81e734fe6de6b27a3';
  const token = '8e03978e-40d5-43dd-bc93-6894a57f9324';

  expect(queryWords(id.toUpperCase())).toMatchObject([{ id, token: null, lastFour: null }]);
  expect(queryWords(` ${token.toUpperCase()} `)).toMatchObject([{ id: null, token, lastFour: null }]);
  expect(queryWords(`"${token}",`)).toMatchObject([{ token }]);
  expect(queryWords(`(${id})`)).toMatchObject([{ id }]);
  expect(queryWords('٤٢٤٢')).toMatchObject([{ lastFour: '4242' }]);
  expect(queryWords('••••4242')).toMatchObject([{ lastFour: '4242' }]);
  expect(queryWords('4242 jane')).toMatchObject([{ lastFour: '4242' }, { id: null, lastFour: null }]);
});

test('asks for a word as it was stored before accents were seen to', () => {
  expect(waysOf('Müller')).toEqual([['^muller', '^muelle', '^müller']]);
  expect(waysOf('田中')).toEqual([['g田中', '=田中']]);
  expect(waysOf('jane')).toEqual([['^jane']]);
});

const FIELDS = ['name', 'email', 'phone', 'reference'] as const;
const characters = fc.oneof(
  fc.constantFrom(...'ab1 23-.@+()xéß田タ'),
  fc.string({ unit: 'grapheme', maxLength: 1 }),
);
const someText = fc.string({ unit: characters, maxLength: 30 });

test('finds a customer by the whole of any field, in any case', () => {
  fc.assert(
    fc.property(fc.constantFrom(...FIELDS), someText, (field, text) => {
      const profile = aProfile({ [field]: text });
      for (const search of [text, text.toUpperCase(), text.toLowerCase()]) {
        if (queryWords(search)?.length) expect(finds(search, profile)).toBe(true);
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
