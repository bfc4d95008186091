import { inspect } from 'node:util';
import { parseKeyEncryptionKeys } from '../../src/sealing/key-encryption-keys.js';
import { COUNTING_KEY, errorOf, someKeyEncryptionKeys } from './factories.js';

const BASE64 = COUNTING_KEY.toString('base64');

test('several keys are read under their ids, one of them current', () => {
  const other = Buffer.alloc(32, 7).toString('base64');

  const keys = parseKeyEncryptionKeys(JSON.stringify({ current: 'b-2', keys: { a1: BASE64, 'b-2': other } }));

  expect(keys.current).toBe('b-2');
  expect(keys.ids).toEqual(['a1', 'b-2']);
  expect(keys.keyOf('a1')).toEqual(COUNTING_KEY);
  expect(keys.keyOf('b-2')).toEqual(Buffer.alloc(32, 7));
});

const FORM = 'It is not of the form { "current": "<id>", "keys": { "<id>": "<base64>" } }.';
const NOT_BASE64 = 'A key is not the base64 of 32 bytes.';
const BAD_ID = 'An id of a key is not 1 to 32 letters, digits and hyphens.';

test.each([
  ['text that is no JSON', `{ "current": "a", "keys": { "a": "${BASE64}" `, 'It is not JSON.'],
  ['empty text', '', 'It is not JSON.'],
  ['another form', JSON.stringify([BASE64]), FORM],
  ['a bare key', JSON.stringify(BASE64), FORM],
  ['a key that is no string', JSON.stringify({ current: 'a', keys: { a: 1 } }), FORM],
  ['a mistyped name', JSON.stringify({ current: 'a', key: { a: BASE64 } }), FORM],
  ['a key that is too short', aDocument({ a: Buffer.alloc(31, 7).toString('base64') }), NOT_BASE64],
  ['a key that is too long', aDocument({ a: Buffer.alloc(33, 7).toString('base64') }), NOT_BASE64],
  ['a key with a foreign character', aDocument({ a: `${BASE64}!` }), NOT_BASE64],
  ['a key in hexadecimal', aDocument({ a: COUNTING_KEY.toString('hex') }), NOT_BASE64],
  ['an empty id', aDocument({ a: BASE64, '': BASE64 }), BAD_ID],
  ['a key in the place of its id', aDocument({ a: BASE64, [BASE64]: 'a' }), BAD_ID],
  ['no key', aDocument({}), 'The current key is not among the keys.'],
  ['a current key that is not there', aDocument({ b: BASE64 }), 'The current key is not among the keys.'],
])('%s is refused with a sentence that quotes nothing', (_what, text, sentence) => {
  const error = errorOf(() => parseKeyEncryptionKeys(text));

  expect(error).toMatchObject({ name: 'MalformedKeysError', message: sentence });
  expect(inspect(error)).not.toContain(BASE64.slice(0, 12));
});

test('an id that is not there is refused by its name', () => {
  const error = errorOf(() => someKeyEncryptionKeys('here').keyOf('elsewhere'));

  expect(error).toMatchObject({ name: 'UnknownKeyEncryptionKeyError', keyEncryptionKeyId: 'elsewhere' });
  expect(error.message).toBe('The key-encryption key "elsewhere" is not among this server\'s keys.');
});

test('the keys are not shown when they are logged or serialised', () => {
  const keys = parseKeyEncryptionKeys(aDocument({ a: BASE64 }));

  expect(JSON.stringify(keys)).toBe('{"current":"a"}');
  expect(inspect(keys, { depth: 9, showHidden: true })).not.toMatch(/Buffer|00 01 02/);
});

function aDocument(keys: Readonly<Record<string, string>>): string {
  return JSON.stringify({ current: 'a', keys });
}
