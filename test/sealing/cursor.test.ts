import fc from 'fast-check';
import { aMerchantKey, aVault, COUNTING_KEY } from './factories.js';

const PAYLOAD = 'created|1700000000000|507f1f77bcf86cd799439011';

test('a cursor gives its payload back', () => {
  const vault = aVault();
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (payload) => {
      expect(vault.openCursor(vault.sealCursor(payload))).toBe(payload);
    }),
  );
});

// Known answer from Python's hashlib.blake2b, with crypto_kdf built from its salt and person.
test('a cursor is base64url of its payload and a keyed BLAKE2b tag of 16 bytes', () => {
  const vault = aVault({ keys: [aMerchantKey({ key: COUNTING_KEY })] });

  expect(vault.sealCursor('created|1')).toBe('Y3JlYXRlZHwx_yIxY_rNjGXLB-ZXb5eekw');
});

test('a cursor of another merchant is not one', () => {
  expect(aVault().openCursor(aVault().sealCursor(PAYLOAD))).toBeNull();
});

test('a cursor with any one character changed is not one', () => {
  const vault = aVault();
  const cursor = vault.sealCursor(PAYLOAD);

  const opened = Array.from(cursor, (character, index) =>
    vault.openCursor(cursor.slice(0, index) + (character === 'A' ? 'B' : 'A') + cursor.slice(index + 1)),
  );

  expect(opened).toHaveLength(cursor.length);
  expect(opened.every((payload) => payload === null)).toBe(true);
});

test('a cursor cut anywhere is not one', () => {
  const vault = aVault();
  const cursor = vault.sealCursor(PAYLOAD);

  const opened = Array.from(cursor, (_, length) => vault.openCursor(cursor.slice(0, length)));

  expect(opened).toHaveLength(cursor.length);
  expect(opened.every((payload) => payload === null)).toBe(true);
});

test.each([
  ['padding', (cursor: string) => `${cursor}=`],
  ['a space in front', (cursor: string) => ` ${cursor}`],
  ['a line break inside', (cursor: string) => `${cursor.slice(0, 4)}\n${cursor.slice(4)}`],
  ['a foreign character at its end', (cursor: string) => `${cursor}!`],
  ['the other base64 alphabet', (cursor: string) => cursor.replace('_', '/')],
])('a cursor with %s is not one, though it decodes to the same bytes', (_what, respell) => {
  const vault = aVault({ keys: [aMerchantKey({ key: COUNTING_KEY })] });
  const cursor = vault.sealCursor('created|1');
  expect(Buffer.from(respell(cursor), 'base64url')).toEqual(Buffer.from(cursor, 'base64url'));

  expect(vault.openCursor(respell(cursor))).toBeNull();
});

test('no string that somebody makes up is a cursor', () => {
  const vault = aVault();
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String()), (text) => {
      expect(vault.openCursor(text)).toBeNull();
    }),
  );
});

test('the longest payload of 368 bytes makes a cursor of 512 characters that opens', () => {
  const vault = aVault();
  const cursor = vault.sealCursor('x'.repeat(368));

  expect(cursor).toHaveLength(512);
  expect(vault.openCursor(cursor)).toBe('x'.repeat(368));
});

test('a payload that would make a longer cursor is a mistake of the caller', () => {
  expect(() => aVault().sealCursor('x'.repeat(369))).toThrow('The payload of a cursor is too long.');
});

test('a string of more than 512 characters is not a cursor', () => {
  expect(aVault().openCursor('A'.repeat(513))).toBeNull();
});
