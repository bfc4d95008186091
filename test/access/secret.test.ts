import {
  bearerOf,
  hashSecret,
  isSameHash,
  newApiKey,
  newSessionToken,
  parseCredential,
} from '../../src/access/secret.js';

const id = '65f0c0ffee65f0c0ffee65f0';
const merchantId = '65f0c0ffee65f0c0ffee0001';
const owner = { mode: 'test', merchantId } as const;
const partner = { mode: 'test', merchantId: null } as const;

test('reads back the key that it makes, with its merchant', () => {
  const { key } = newApiKey({ mode: 'live', merchantId }, id);

  expect(key).toMatch(/^sk_live_65f0c0ffee65f0c0ffee0001_65f0c0ffee65f0c0ffee65f0_[A-Za-z0-9_-]{43}$/);
  expect(parseCredential(key)).toEqual({
    kind: 'api-key',
    mode: 'live',
    merchantId,
    id,
    secret: key.slice(-43),
  });
});

test('reads back the token that it makes, with its merchant', () => {
  const { token } = newSessionToken(owner, id);

  expect(parseCredential(token)).toEqual({
    kind: 'customer-session',
    mode: 'test',
    merchantId,
    id,
    secret: token.slice(-43),
  });
});

test.each([
  ['sk', 'api-key'],
  ['cs', 'customer-session'],
])('reads %s_ without a merchant, as they were made before', (prefix, kind) => {
  const secret = '_'.repeat(43);

  expect(parseCredential(`${prefix}_test_${id}_${secret}`)).toEqual({
    kind,
    mode: 'test',
    merchantId: null,
    id,
    secret,
  });
});

test("a partner's key names no merchant", () => {
  const { key } = newApiKey(partner, id);

  expect(key).toMatch(/^sk_test_65f0c0ffee65f0c0ffee65f0_[A-Za-z0-9_-]{43}$/);
  expect(parseCredential(key)).toMatchObject({ merchantId: null, id });
});

test.each(['Bearer key', 'bEARER key', 'Bearer  key', 'Bearer\tkey', 'Bearer \t  key'])(
  'finds the key in "%s"',
  (header) => {
    expect(bearerOf(header)).toBe('key');
  },
);

test.each([
  undefined,
  '',
  'Bearer',
  'Bearer ',
  'key',
  'Basic key',
  'Bearerkey',
  'Bearer key more',
  'Bearer key, Bearer key',
])('finds no key in "%s"', (header) => {
  expect(bearerOf(header)).toBeNull();
});

test('looks through a very long header in no time', () => {
  const before = performance.now();

  expect(bearerOf(`Bearer ${' \t'.repeat(100_000)}a ${'b'.repeat(100_000)}`)).toBeNull();
  expect(performance.now() - before).toBeLessThan(100);
});

const { key: sample } = newApiKey(owner, id);
test.each([
  ['longer', `${sample}x`],
  ['with a third id', sample.replace(id, `${id}_${id}`)],
  ['with a merchant in upper case', sample.replace(merchantId, merchantId.toUpperCase())],
  ['with half a merchant', sample.replace(merchantId, merchantId.slice(12))],
  ['very long', 'sk_test_'.repeat(100_000)],
])('takes nothing that is %s', (_, text) => {
  expect(parseCredential(text)).toBeNull();
});

test('makes secrets of 256 bits that differ', () => {
  const secrets = Array.from({ length: 100 }, () => newApiKey(owner, id).key.slice(-43));

  expect(new Set(secrets).size).toBe(100);
  expect(secrets.map((secret) => Buffer.from(secret, 'base64url').length)).toEqual(secrets.map(() => 32));
});

test('keeps of a secret only its SHA-256', () => {
  const { key, preview, secretHash } = newApiKey(owner, id);
  const secret = key.slice(-43);

  expect(secretHash).toHaveLength(32);
  expect(isSameHash(hashSecret(secret), secretHash)).toBe(true);
  expect(isSameHash(hashSecret(`${secret.slice(0, -1)}?`), secretHash)).toBe(false);
  expect(preview).toBe('sk_test_65f0…');
});
