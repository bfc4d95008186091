import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { bindingOf, keyIdOf, open, SEALED_OVERHEAD, seal } from '../../src/sealing/sealed-blob.js';
import { COUNTING_KEY, errorOf } from './factories.js';
import { openIndependently } from './independent-xchacha.js';

const BINDING = bindingOf('merchant', 'table', 'row', 'customer');

test('the independent implementation opens the vector of draft-irtf-cfrg-xchacha-03, appendix A.3.1', () => {
  const opened = openIndependently({
    key: Buffer.from(Array.from({ length: 32 }, (_, index) => 0x80 + index)),
    nonce: Buffer.from(Array.from({ length: 24 }, (_, index) => 0x40 + index)),
    additionalData: Buffer.from('50515253c0c1c2c3c4c5c6c7', 'hex'),
    sealed: Buffer.from(
      'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39' +
        'ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9' +
        '21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49',
      'hex',
    ),
  });

  expect(opened.toString()).toBe(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, " +
      'sunscreen would be it.',
  );
});

test('a blob is format, key id, nonce, ciphertext and tag, as an independent implementation reads it', () => {
  const blob = seal(COUNTING_KEY, 0x01020304, BINDING, Buffer.from('Ada Lovelace'));

  expect(blob.subarray(0, 5).toString('hex')).toBe('0101020304');
  const opened = openIndependently({
    key: COUNTING_KEY,
    nonce: blob.subarray(5, 29),
    additionalData: Buffer.from('1|8:merchant|5:table|3:row|8:customer'),
    sealed: blob.subarray(29),
  });
  expect(opened.toString()).toBe('Ada Lovelace');
});

test('whatever is sealed opens to the same bytes, and the blob is 45 bytes longer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(0xffffffff), (bytes, keyId) => {
      const blob = seal(COUNTING_KEY, keyId, BINDING, Buffer.from(bytes));

      expect(keyIdOf(blob)).toBe(keyId);
      expect(blob).toHaveLength(bytes.length + 45);
      expect(open(COUNTING_KEY, BINDING, blob)).toEqual(Buffer.from(bytes));
    }),
  );
});

test('the same plaintext is sealed under a new nonce each time', () => {
  const nonces = Array.from({ length: 100 }, () =>
    seal(COUNTING_KEY, 1, BINDING, Buffer.from('Ada')).toString('hex', 5, 29),
  );

  expect(new Set(nonces).size).toBe(100);
});

test('a blob with any one byte changed does not open', () => {
  const blob = seal(COUNTING_KEY, 1, BINDING, Buffer.from('Ada'));
  // The key id is looked up by whoever holds the keys; MerchantVault's tests change it.
  const positions = [0, ...Array.from({ length: blob.length - 5 }, (_, index) => index + 5)];

  const faults = positions.map((position) => {
    const changed = Buffer.from(blob);
    changed[position] = (changed[position] ?? 0) ^ 0x01;
    return errorOf(() => keyIdOf(changed) && open(COUNTING_KEY, BINDING, changed));
  });

  expect(faults).toHaveLength(44);
  expect(faults[0]).toMatchObject({ name: 'IntegrityError', fault: 'FORMAT' });
  for (const fault of faults.slice(1)) expect(fault).toMatchObject({ name: 'IntegrityError', fault: 'TAG' });
});

test('a blob cut anywhere does not open', () => {
  const blob = seal(COUNTING_KEY, 1, BINDING, Buffer.from('Ada'));

  const faults = Array.from({ length: blob.length }, (_, length) => {
    const cut = blob.subarray(0, length);
    return errorOf(() => keyIdOf(cut) && open(COUNTING_KEY, BINDING, cut));
  });

  expect(faults).toHaveLength(48);
  for (const [length, fault] of faults.entries()) {
    expect(fault).toMatchObject({
      name: 'IntegrityError',
      fault: length < SEALED_OVERHEAD ? 'LENGTH' : 'TAG',
    });
  }
});

test('a blob with bytes after its tag does not open', () => {
  const blob = seal(COUNTING_KEY, 1, BINDING, Buffer.from('Ada'));

  const error = errorOf(() => open(COUNTING_KEY, BINDING, Buffer.concat([blob, Buffer.alloc(1)])));

  expect(error).toMatchObject({ name: 'IntegrityError', fault: 'TAG' });
});

test('a blob does not open under another key', () => {
  const blob = seal(COUNTING_KEY, 1, BINDING, Buffer.from('Ada'));

  expect(errorOf(() => open(randomBytes(32), BINDING, blob))).toMatchObject({ fault: 'TAG' });
});

test('an integrity error carries nothing but the kind of fault', () => {
  const blob = seal(COUNTING_KEY, 1, BINDING, Buffer.from('Ada Lovelace'));

  const error = errorOf(() => open(COUNTING_KEY, bindingOf('elsewhere'), blob));

  expect(error.message).toBe('A sealed value was changed, or belongs to another place or key.');
  expect(Object.keys(error).sort()).toEqual(['fault', 'name']);
  expect(error.cause).toBeUndefined();
});

test('two different lists of parts never have the same binding', () => {
  const part = fc.string({ unit: fc.constantFrom('1', '2', ':', '|', 'a'), maxLength: 6 });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 4 }), fc.array(part, { maxLength: 4 }), (one, other) => {
      expect(bindingOf(...one) === bindingOf(...other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
    { numRuns: 1_000 },
  );
});
