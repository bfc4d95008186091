import fc from 'fast-check';
import {
  checkMetadata,
  comparablePair,
  hasTooManyKeys,
  type Metadata,
  mergeMetadata,
} from '../../src/shared/metadata.js';

const CREATION = { allowEmptyValues: false };
const UPDATE = { allowEmptyValues: true };

test('gives keys and values trimmed and composed', () => {
  expect(entriesOf({ ' plan ': ' Jose\u0301 ' })).toEqual([['plan', 'José']]);
});

test('drops empty values on creation and keeps them in an update', () => {
  expect(entriesOf({ a: ' ', b: 'x' })).toEqual([['b', 'x']]);
  expect(entriesOf({ a: ' ', b: 'x' }, UPDATE)).toEqual([
    ['a', ''],
    ['b', 'x'],
  ]);
});

test.each([
  ['null', null],
  ['a string', 'text'],
  ['a list', ['text']],
  ['a number', 1],
  ['a number as a value', { a: 1 }],
  ['null as a value', { a: null }],
  ['an object as a value', { a: { b: 'c' } }],
  ['a blank key', { ' ': 'x' }],
  ['two keys that are the same once trimmed', { a: '1', 'a ': '2' }],
  ['two keys that are the same once composed', { é: '1', 'e\u0301': '2' }],
  ['two such keys of which one is empty', { a: '', 'a ': '2' }],
  ['a control character in a key', { 'a\0': 'x' }],
  ['a control character in a value', { a: 'x\0y' }],
])('refuses %s', (_, raw) => {
  expect(checkMetadata(raw, CREATION)).toMatchObject({ ok: false, problem: { code: 'INVALID' } });
});

test('accepts 50 keys of 40 characters with 500 each, and no more', () => {
  expect(checkMetadata(keys(50, 40, 500), CREATION).ok).toBe(true);
  for (const raw of [keys(51, 40, 500), keys(50, 41, 500), keys(50, 40, 501)]) {
    expect(checkMetadata(raw, CREATION)).toMatchObject({ ok: false, problem: { code: 'TOO_LONG' } });
  }
});

test.each([
  ['a key', null, { '4242 4242 4242 4242': 'x' }],
  ['a value after a fault', 'b', { a: 1, b: '4242424242424242' }],
  ['a number', 'a', { a: 4242424242424242 }],
  ['the last of too many', 'z', { ...keys(60, 10, 10), z: '4242424242424242' }],
  ['the place of an object', null, '4242424242424242'],
  ['a value in an object in a value', 'a', { a: { b: { c: '4242424242424242' } } }],
  ['a key in an object in a list', 'a', { a: [[{ '4242424242424242': 'x' }]] }],
  ['a number in a list in a list', null, [[4242424242424242]]],
  ['the last of 9,000 values in a list', 'a', { a: Array(9_000).fill('x').concat('4242424242424242') }],
  ['a value 60 levels deep', null, Array.from({ length: 60 }).reduce((below) => [below], '4242424242424242')],
  ['a value under a key that is no good itself', null, { 'a\0': '4242424242424242' }],
])('refuses a card number as %s before all else, and names the key %j', (_, key, raw) => {
  const message = `"${key}": The value looks like a card number. The vault stores tokens only.`;
  expect(checkMetadata(raw, CREATION)).toEqual({
    ok: false,
    problem: { code: 'CARD_NUMBER_REFUSED', ...(key !== null && { message }) },
  });
});

test.each([
  [{ a: 'x', n: 5 }, '"n": The value must be a string.'],
  [{ a: 'x', n: null }, '"n": The value must be a string.'],
  [{ a: 'x', ' n ': 'x\0y' }, '"n": Character 2 is U+0000, which is not allowed.'],
  [{ a: 'x', n: 'x'.repeat(501) }, '"n": Longer than 500 characters.'],
  [{ a: 'x', ['n'.repeat(41)]: 'x' }, 'Key 2: Longer than 40 characters.'],
  [{ a: 'x', ' ': 'x' }, 'Key 2: A key must not be blank.'],
  [{ a: 'x', ' a': 'x' }, 'Key 2: It stands twice.'],
  [{ a: 'x', 'n\u202e0': 'x' }, 'Key 2: Character 2 is U+202E, which is not allowed.'],
])('says of %j which key is at fault', (raw, message) => {
  expect(checkMetadata(raw, CREATION)).toMatchObject({ ok: false, problem: { message } });
});

test('keeps tabs and line ends within, in keys and in values', () => {
  expect(entriesOf({ ' a\tb\n': '\n1\t2\r\n3\u20284 ' })).toEqual([['a\tb', '1\t2\r\n3\u20284']]);
  expect(comparablePair({ key: ' a\tb\n', value: '1\t2\r\n3\u20284 ' })).toEqual({
    key: 'a\tb',
    value: '1\t2\r\n3\u20284',
  });
});

test('looks no further than 20,000 parts and 54,000 units into what is no metadata', () => {
  const long = { a: Array(11).fill('x'.repeat(5_000)).concat('4242424242424242') };
  const deep = Array.from({ length: 100_000 }).reduce<unknown>((below) => [below], '4242424242424242');
  const wide = { a: Array(200_000).fill('x').concat('4242424242424242') };
  for (const raw of [deep, wide, long]) {
    expect(checkMetadata(raw, CREATION)).toMatchObject({ ok: false, problem: { code: 'INVALID' } });
  }
});

test('keeps a key that objects have by nature like any other', () => {
  const raw = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}');
  const checked = checkMetadata(raw, CREATION);
  const metadata = checked.ok ? checked.value : null;
  expect(JSON.stringify(metadata)).toBe('{"__proto__":"a","constructor":"b","toString":"c"}');
  expect(JSON.stringify(mergeMetadata(metadata, metadata))).toBe(JSON.stringify(metadata));
  expect(checkMetadata({}, CREATION)).toEqual({ ok: true, value: Object.create(null) });
});

test('merges key by key and removes what is empty', () => {
  expect({ ...mergeMetadata({ a: '1', b: '2', c: '3' }, { b: '', c: '4', d: '5', e: '' }) }).toEqual({
    a: '1',
    c: '4',
    d: '5',
  });
});

test('is null when no key is left', () => {
  expect(mergeMetadata({ a: '1' }, { a: '' })).toBeNull();
  expect(mergeMetadata({ a: '1' }, null)).toBeNull();
  expect(mergeMetadata(null, {})).toBeNull();
});

test('notices too many keys after merging', () => {
  expect(hasTooManyKeys(mergeMetadata(keys(50, 10, 1), { more: 'x' }))).toBe(true);
  expect(hasTooManyKeys(mergeMetadata(keys(50, 10, 1), {}))).toBe(false);
  expect(hasTooManyKeys(null)).toBe(false);
});

test('leaves the current metadata and the change as they are', () => {
  const [current, change] = [{ a: '1' }, { a: '', b: '2' }];
  mergeMetadata(current, change);
  expect([current, change]).toEqual([{ a: '1' }, { a: '', b: '2' }]);
});

test('has after merging each key of the change as it was sent, and every other as it was', () => {
  const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', '1');
  const entries = (least: number) => fc.array(fc.tuple(key, fc.string({ minLength: least, maxLength: 2 })));
  fc.assert(
    fc.property(entries(1), entries(0), (before, change) => {
      const merged = new Map(Object.entries(mergeMetadata(fromEntries(before), fromEntries(change)) ?? {}));
      const expected = new Map([...before, ...change]);
      for (const [key, value] of expected) if (value === '') expected.delete(key);
      expect(merged).toEqual(expected);
    }),
  );
});

function entriesOf(raw: unknown, options = CREATION): [string, string][] | null {
  const checked = checkMetadata(raw, options);
  return checked.ok ? Object.entries(checked.value) : null;
}

function keys(count: number, keyLength: number, valueLength: number): Metadata {
  const names = Array.from({ length: count }, (_, at) => String(at).padStart(keyLength, 'k'));
  return Object.fromEntries(names.map((name) => [name, 'v'.repeat(valueLength)]));
}

function fromEntries(entries: [string, string][]): Metadata {
  return Object.fromEntries(entries);
}
