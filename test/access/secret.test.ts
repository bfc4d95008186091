import { hashSecret, isSameHash, newApiKey, parseAuthorization } from '../../src/access/secret.js';

const id = '65f0c0ffee65f0c0ffee65f0';

test('reads back the key that it makes', () => {
  const { key } = newApiKey('live', id);

  expect(parseAuthorization(`Bearer ${key}`)).toEqual({
    kind: 'api-key',
    mode: 'live',
    id,
    secret: key.slice(-43),
  });
});

test('takes the scheme in any case', () => {
  const { key } = newApiKey('test', id);

  expect(parseAuthorization(`bEARER ${key}`)?.id).toBe(id);
});

test('makes secrets of 256 bits that differ', () => {
  const secrets = Array.from({ length: 100 }, () => newApiKey('test', id).key.slice(-43));

  expect(new Set(secrets).size).toBe(100);
  expect(secrets.map((secret) => Buffer.from(secret, 'base64url').length)).toEqual(secrets.map(() => 32));
});

test('keeps of a secret only its SHA-256', () => {
  const { key, preview, secretHash } = newApiKey('test', id);
  const secret = key.slice(-43);

  expect(secretHash).toHaveLength(32);
  expect(isSameHash(hashSecret(secret), secretHash)).toBe(true);
  expect(isSameHash(hashSecret(`${secret.slice(0, -1)}?`), secretHash)).toBe(false);
  expect(preview).toBe('sk_test_65f0…');
});
