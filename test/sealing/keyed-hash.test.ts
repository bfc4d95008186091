import fc from 'fast-check';
import type { HashPurpose } from '../../src/sealing/merchant-vault.js';
import { aMerchantKey, aVault, COUNTING_KEY } from './factories.js';

const PURPOSES: readonly HashPurpose[] = [
  'email',
  'phone',
  'reference',
  'provider-token',
  'fingerprint',
  'sandbox-token',
];

// Known answers from Python's hashlib.blake2b, with crypto_kdf built from its salt and person.
test.each([
  ['email', '89ffc7813707cb8bb5de17694a50c22810b52eb19268f03b35bef98bcf76a700'],
  ['phone', 'f2828f7ce8390c8fffa4bed15cab9bce7607020d535199f115e7806a2ec8ddb5'],
  ['reference', '0801e0dc687ec8ca417acfed845a975c68402a447db539b3b7377266c70a7c2d'],
  ['provider-token', '608fd0960e06849aa5274ae77aad8ce75c7db6f08a7727ca23ff9bef42a302d9'],
  ['fingerprint', '215a3245c2c9014d8677802630b8f8be8107ca4d220df5845d0d0ef117c771ff'],
  ['sandbox-token', 'f2b431c3788c148769869200161acb656f726f2edd2da4ebbbd5669a298db5e8'],
] as const)('the hash for the purpose %s is what stored hashes rely on', (purpose, expected) => {
  const vault = aVault({ keys: [aMerchantKey({ key: COUNTING_KEY })] });

  expect(vault.hash(purpose, 'ada@example.com').toString('hex')).toBe(expected);
});

test('the same value has another hash for every purpose and every merchant', () => {
  const hashesOf = (vault: ReturnType<typeof aVault>) =>
    PURPOSES.map((purpose) => vault.hash(purpose, 'ada@example.com').toString('hex'));

  expect(new Set([...hashesOf(aVault()), ...hashesOf(aVault())]).size).toBe(2 * PURPOSES.length);
});

// Known answer from a SipHash-2-4 written for it, itself checked against the vector of the SipHash paper.
test('terms are the signed SipHash-2-4 of each, once, in ascending order, as a PostgreSQL array', () => {
  const vault = aVault({ keys: [aMerchantKey({ key: COUNTING_KEY })] });

  const literal = vault.termsLiteral(['lovelace', 'ada', 'lov', 'ada']);

  expect(literal).toBe('{-3351564937626567462,4023311547440142053,4373959352731130657}');
});

test('terms in another order give the same text', () => {
  const vault = aVault();
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 30 }), (terms) => {
      expect(vault.termsLiteral([...terms].reverse())).toBe(vault.termsLiteral(terms));
    }),
  );
});

test('no terms are an empty array', () => {
  expect(aVault().termsLiteral([])).toBe('{}');
});

test('the same term has another hash for another merchant', () => {
  expect(aVault().termsLiteral(['ada'])).not.toBe(aVault().termsLiteral(['ada']));
});
