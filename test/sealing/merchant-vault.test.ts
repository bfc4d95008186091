import { inspect } from 'node:util';
import fc from 'fast-check';
import { bindingOf, seal } from '../../src/sealing/sealed-blob.js';
import { subkeyOf } from '../../src/sealing/subkey.js';
import { aMerchantKey, aPlace, aVault, COUNTING_KEY, errorOf, OWNER, STRANGER } from './factories.js';

const ADA = { name: 'Ada Lovelace', email: 'ada@example.com', metadata: { tier: 'gold' } };
test('a sealed value opens at its place as it was', () => {
  const vault = aVault();

  expect(vault.open(aPlace(), vault.seal(aPlace(), ADA))).toEqual(ADA);
});

test('any JSON value comes back as it was', () => {
  const vault = aVault();
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (value) => {
      const asJson: unknown = JSON.parse(JSON.stringify(value));
      expect(vault.open(aPlace(), vault.seal(aPlace(), value))).toEqual(asJson);
    }),
  );
});

test('a blob opens from the plain Uint8Array that a database driver hands out', () => {
  const vault = aVault();
  const blob = vault.seal(aPlace(), ADA);
  const padded = new Uint8Array(blob.length + 7);
  padded.set(blob, 7);

  expect(vault.open(aPlace(), padded.subarray(7))).toEqual(ADA);
});

test('a blob shows nothing of what it holds', () => {
  const blob = aVault().seal(aPlace(), ADA);

  expect(blob.toString('latin1')).not.toMatch(/Ada|Lovelace|example|gold/);
});

test.each([
  ['table', { table: 'customers' }],
  ['row', { rowId: '507f1f77bcf86cd799439022' }],
  ['customer', { customerId: '507f1f77bcf86cd799439032' }],
])('a blob moved to another %s does not open', (_what, elsewhere) => {
  const vault = aVault();
  const blob = vault.seal(aPlace(), ADA);

  const error = errorOf(() => vault.open(aPlace(elsewhere), blob));

  expect(error).toMatchObject({ name: 'IntegrityError', fault: 'TAG' });
});

test('a blob of another merchant does not open, even if both had the same key', () => {
  const keys = [aMerchantKey()];
  const blob = aVault({ merchantId: OWNER, keys }).seal(aPlace(), ADA);

  const error = errorOf(() => aVault({ merchantId: STRANGER, keys }).open(aPlace(), blob));

  expect(error).toMatchObject({ name: 'IntegrityError', fault: 'TAG' });
});

test('a blob of another merchant does not open, even if its id were the same', () => {
  const blob = aVault().seal(aPlace(), ADA);

  expect(errorOf(() => aVault().open(aPlace(), blob))).toMatchObject({ fault: 'TAG' });
});

test('a blob of an older key still opens after a new key has become current', () => {
  const first = aMerchantKey({ id: 1 });
  const blob = aVault({ keys: [first] }).seal(aPlace(), ADA);

  const rotated = aVault({ keys: [aMerchantKey({ id: 2 }), { ...first, current: false }] });

  expect(rotated.open(aPlace(), blob)).toEqual(ADA);
});

test('new blobs name the current key, whatever the order of the keys', () => {
  const keys = [
    aMerchantKey({ id: 3, current: false }),
    aMerchantKey({ id: 2 }),
    aMerchantKey({ current: false }),
  ];

  const blob = aVault({ keys }).seal(aPlace(), ADA);

  expect(blob.readUInt32BE(1)).toBe(2);
});

test('a blob that names a key the merchant does not have is refused as such', () => {
  const key = aMerchantKey({ id: 2 });
  const blob = aVault({ keys: [key] }).seal(aPlace(), ADA);

  const error = errorOf(() => aVault({ keys: [{ ...key, id: 1 }] }).open(aPlace(), blob));

  expect(error).toMatchObject({ name: 'IntegrityError', fault: 'UNKNOWN_KEY' });
});

test('a blob whose key id was changed to another of the merchant does not open', () => {
  const vault = aVault({ keys: [aMerchantKey({ id: 1 }), aMerchantKey({ id: 2, current: false })] });
  const blob = vault.seal(aPlace(), ADA);
  blob.writeUInt32BE(2, 1);

  expect(errorOf(() => vault.open(aPlace(), blob))).toMatchObject({ fault: 'TAG' });
});

test('a blob that holds no JSON is refused without quoting it', () => {
  const sealingKey = subkeyOf(COUNTING_KEY, 'merchant', { number: 1 });
  const { table, rowId, customerId } = aPlace();
  const blob = seal(sealingKey, 1, bindingOf(OWNER, table, rowId, customerId), Buffer.from('Ada Lovelace'));
  const vault = aVault({ keys: [aMerchantKey({ key: COUNTING_KEY })] });

  const error = errorOf(() => vault.open(aPlace(), blob));

  expect(error).toMatchObject({ name: 'IntegrityError', fault: 'CONTENT' });
  expect(inspect(error)).not.toContain('Lovelace');
});

test.each([
  ['no key', []],
  ['no current key', [aMerchantKey({ current: false })]],
  ['two current keys', [aMerchantKey({ id: 1 }), aMerchantKey({ id: 2 })]],
])('a vault cannot be made with %s', (_what, keys) => {
  expect(() => aVault({ keys })).toThrow('A merchant needs at least one key, exactly one of them current.');
});

test('hashes, terms and cursors stay those of the first key after a new key has become current', () => {
  const first = aMerchantKey({ id: 1 });
  const before = aVault({ keys: [first] });

  const after = aVault({ keys: [aMerchantKey({ id: 2 }), { ...first, current: false }] });

  expect(after.hash('email', 'ada@example.com')).toEqual(before.hash('email', 'ada@example.com'));
  expect(after.termsLiteral(['ada', 'lov'])).toBe(before.termsLiteral(['ada', 'lov']));
  expect(after.openCursor(before.sealCursor('created|1'))).toBe('created|1');
});

test('a vault shows no key when it is logged or serialised', () => {
  const key = aMerchantKey({ key: COUNTING_KEY });
  const vault = aVault({ keys: [key] });

  expect(JSON.stringify(vault)).toBe('{}');
  expect(Object.getOwnPropertyNames(vault)).toEqual([]);
});
