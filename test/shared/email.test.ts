import fc from 'fast-check';
import { checkEmail, emailForComparison } from '../../src/shared/email.js';

test('keeps an address as the person wrote it', () => {
  expect(checkEmail(' Jane.Doe+shop@Example.COM\n')).toEqual({
    ok: true,
    value: 'Jane.Doe+shop@Example.COM',
  });
  expect(checkEmail('jürgen@bu\u0308cher.example')).toEqual({ ok: true, value: 'jürgen@bücher.example' });
});

test('accepts blank text as nothing', () => {
  expect(checkEmail('  ')).toEqual({ ok: true, value: '' });
});

const MALFORMED = [
  'jane',
  'jane@',
  '@example.com',
  'a@b@example.com',
  'jane@example',
  'jane doe@example.com',
  'jane\u00a0doe@example.com',
  'jane@exa mple.com',
  'jane@example..com',
  'jane@.example.com',
  'jane@example.com.',
  'jane@-example.com',
  'jane@example-.com',
  'jane@exam_ple.com',
  'jane@example.com/path',
  'jane@example.com:25',
  'jane@exa%6dple.com',
  'jane@example.com?x',
  'jane@example.com#x',
  'jane@example.com\\x',
  'jane@exam／ple.com',
  'jane@127.0.0.1',
  'jane@1.2',
  'jane@[127.0.0.1]',
  'jane@xn--a.com',
  `jane@${'a'.repeat(64)}.com`,
];

test.each(MALFORMED)('refuses %j', (text) => {
  expect(checkEmail(text)).toEqual({
    ok: false,
    problem: { code: 'INVALID', message: 'Not an e-mail address.' },
  });
  expect(emailForComparison(text)).toBeNull();
});

test('accepts 254 characters and no more', () => {
  const local = 'a'.repeat(254 - '@example.com'.length);
  expect(checkEmail(`${local}@example.com`).ok).toBe(true);
  expect(checkEmail(`a${local}@example.com`)).toMatchObject({ problem: { code: 'TOO_LONG' } });
});

test('refuses a card number as its local part', () => {
  expect(checkEmail('4242424242424242@example.com')).toMatchObject({
    problem: { code: 'CARD_NUMBER_REFUSED' },
  });
});

test('compares without case, and domains in ASCII', () => {
  expect(emailForComparison('Jane@EXAMPLE.com')).toBe('jane@example.com');
  expect(emailForComparison('ÉVA@BÜCHER.example')).toBe('éva@xn--bcher-kva.example');
  expect(emailForComparison(' e\u0301va@xn--bcher-kva.example ')).toBe('éva@xn--bcher-kva.example');
  expect(emailForComparison('jane@example。com')).toBe('jane@example.com');
});

test('compares nothing with blank text', () => {
  expect(emailForComparison(' ')).toBeNull();
});

test('accepts every ordinary address, and compares it with itself in capitals as the same', () => {
  fc.assert(
    fc.property(fc.emailAddress(), (address) => {
      const checked = checkEmail(address);
      fc.pre(checked.ok || checked.problem.code !== 'CARD_NUMBER_REFUSED');
      expect(checked).toEqual({ ok: true, value: address });
      expect(emailForComparison(address.toUpperCase())).toBe(address.toLowerCase());
    }),
  );
});

test('has a form for comparison for exactly what it accepts', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab@.-é1 %/'), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(text, (raw) => {
      const checked = checkEmail(raw);
      expect(emailForComparison(raw) !== null).toBe(checked.ok && checked.value !== '');
    }),
  );
});
