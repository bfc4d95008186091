import { randomBytes } from 'node:crypto';
import {
  checkValueOf,
  randomMerchantKey,
  unwrapMerchantKey,
  wrapMerchantKey,
} from '../../src/sealing/key-wrapping.js';
import { COUNTING_KEY, errorOf, OWNER, STRANGER } from './factories.js';
import { openIndependently } from './independent-xchacha.js';

const NAME = { merchantId: OWNER, keyId: 1 };

test('a wrapped key unwraps to itself', () => {
  const merchantKey = randomMerchantKey();

  const wrapped = wrapMerchantKey(COUNTING_KEY, NAME, merchantKey);

  expect(wrapped).toHaveLength(77);
  expect(unwrapMerchantKey(COUNTING_KEY, NAME, wrapped)).toEqual(merchantKey);
});

// The wrapping key is from Python's hashlib.blake2b, with crypto_kdf built from its salt and person.
test('a wrapped key is what an independent implementation unwraps', () => {
  const merchantKey = randomMerchantKey();

  const wrapped = wrapMerchantKey(COUNTING_KEY, NAME, merchantKey);

  const opened = openIndependently({
    key: Buffer.from('6dcc4f01f2282104ff228e96cbe7ef69090e6db93d075b0678b0dff6e8ff2a22', 'hex'),
    nonce: wrapped.subarray(5, 29),
    additionalData: Buffer.from(`1|12:merchant-key|24:${OWNER}|1:1`),
    sealed: wrapped.subarray(29),
  });
  expect(opened).toEqual(merchantKey);
});

test('a wrapped key does not unwrap with another key-encryption key', () => {
  const wrapped = wrapMerchantKey(COUNTING_KEY, NAME, randomMerchantKey());

  const error = errorOf(() => unwrapMerchantKey(randomBytes(32), NAME, wrapped));

  expect(error).toMatchObject({ name: 'IntegrityError', fault: 'TAG' });
});

test('a wrapped key does not unwrap for another merchant', () => {
  const wrapped = wrapMerchantKey(COUNTING_KEY, NAME, randomMerchantKey());

  const error = errorOf(() => unwrapMerchantKey(COUNTING_KEY, { ...NAME, merchantId: STRANGER }, wrapped));

  expect(error).toMatchObject({ name: 'IntegrityError', fault: 'TAG' });
});

test('a wrapped key does not unwrap under another id, even with its head changed to match', () => {
  const wrapped = wrapMerchantKey(COUNTING_KEY, NAME, randomMerchantKey());
  const relabelled = Buffer.from(wrapped);
  relabelled.writeUInt32BE(2, 1);

  const elsewhere = errorOf(() => unwrapMerchantKey(COUNTING_KEY, { ...NAME, keyId: 2 }, wrapped));
  const matching = errorOf(() => unwrapMerchantKey(COUNTING_KEY, { ...NAME, keyId: 2 }, relabelled));

  expect(elsewhere).toMatchObject({ name: 'IntegrityError', fault: 'UNKNOWN_KEY' });
  expect(matching).toMatchObject({ name: 'IntegrityError', fault: 'TAG' });
});

test('random keys have 32 bytes and differ', () => {
  const keys = Array.from({ length: 50 }, () => randomMerchantKey());

  expect(keys.map((key) => key.length)).toEqual(Array(50).fill(32));
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(50);
});

// Known answer from Python's hashlib.blake2b, with crypto_kdf built from its salt and person.
test('the check value of a key is what a stored one relies on', () => {
  expect(checkValueOf(COUNTING_KEY).toString('hex')).toBe(
    '62016d91fe81ecb36c6e81509a5ab73c13f0b148bb48c85fdc443b3097541605',
  );
});

test('a wrong key is noticed by its check value', () => {
  const wrong = Buffer.from(COUNTING_KEY);
  wrong[31] = 0;

  expect(checkValueOf(wrong)).not.toEqual(checkValueOf(COUNTING_KEY));
});
