import fc from 'fast-check';
import { isStorableText } from '../../src/shared/characters.js';
import { checkText, faultOfLookUp, isLongerThan } from '../../src/shared/text.js';

const CARD_NUMBER = '4242 4242 4242 4242';
const CONTROLS = ['\0', '\x07', '\x1b', '\x7f', '\x9d'];
const LAYOUT = ['\n', '\t', '\r\n', '\r', '\v', '\f', '\x85', '\u2028', '\u2029', '\n\n\t'];
const BIDIRECTIONAL = [...'\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'];
const TAGS = ['\u{e0001}', '\u{e0034}', '\u{e007f}'];
const SURROGATES = ['\ud83d', '\ude00', '\ude00\ud83d'];

test('cuts white space at the ends and composes the rest', () => {
  expect(checkText(' \n\tJose\u0301 \u00a0', { maxLength: 4 })).toEqual({ ok: true, value: 'José' });
});

test('accepts blank text as nothing', () => {
  expect(checkText(' \t\u3000', { maxLength: 1 })).toEqual({ ok: true, value: '' });
});

test.each(
  [...CONTROLS, ...BIDIRECTIONAL, ...TAGS, ...SURROGATES].map((text) => [JSON.stringify(text), text]),
)('refuses %s within a text', (_, text) => {
  expect(checkText(`a${text}b`, { maxLength: 10 })).toMatchObject({
    ok: false,
    problem: { code: 'INVALID' },
  });
  expect(isStorableText(`a${text}b`)).toBe(false);
});

test.each(LAYOUT.map((text) => [JSON.stringify(text), text]))(
  'makes a blank of %s within a text',
  (_, layout) => {
    expect(checkText(`\n a${layout}b\t`, { maxLength: 3 })).toEqual({ ok: true, value: 'a b' });
    expect(checkText(`\n a${layout}b\t`, { maxLength: 6, lines: 'many' })).toEqual({
      ok: true,
      value: `a${layout}b`,
    });
    expect(faultOfLookUp(`a${layout}b`)).toBeNull();
  },
);

test.each(
  [...BIDIRECTIONAL, '\ufeff', '\u200b', '\u200c', '\u200d', '\u2060', '\u00ad', '\u180e'].map((mark) => [
    JSON.stringify(mark).padEnd(3),
    mark,
  ]),
)('cuts the mark U+%s at the ends as white space is', (_, mark) => {
  expect(checkText(`${mark} ${mark}שלום${mark}\n${mark}`, { maxLength: 4 })).toEqual({
    ok: true,
    value: 'שלום',
  });
  expect(faultOfLookUp(`${mark}שלום${mark}`)).toBeNull();
});

test.each([
  ['a\0b', 'Character 2 is U+0000, which is not allowed.'],
  ['\ufeff😀\n\u202eb', 'Character 4 is U+202E, which is not allowed.'],
  ['🏴\u{e0067}\u{e007f}', 'Character 2 is U+E0067, which is not allowed.'],
  ['\ud83d', 'Character 1 is U+D83D, which is not allowed.'],
])('says of %j which character is never stored, and where it stands', (text, message) => {
  expect(checkText(text, { maxLength: 10 })).toEqual({ ok: false, problem: { code: 'INVALID', message } });
});

test.each([
  '\u3164',
  '\u115f\u1160',
  '\uffa0',
  '\u2800\u2800',
  '\u034f',
  '\u200b \u200d',
  '\ufe0f',
  '\u{e0100}',
  '\u00ad',
])('takes for blank what nobody can see: %j', (text) => {
  expect(checkText(text, { maxLength: 10 })).toEqual({ ok: true, value: '' });
});

test('keeps what nobody can see where a text may be any', () => {
  expect(checkText('\u3164', { maxLength: 10, lines: 'many' })).toEqual({ ok: true, value: '\u3164' });
});

test('accepts emoji, joiners and scripts from right to left', () => {
  for (const text of ['👩‍👩‍👧', 'שלום', 'می‌خواهم']) {
    expect(checkText(text, { maxLength: 10 })).toEqual({ ok: true, value: text });
    expect(isStorableText(text)).toBe(true);
  }
});

test('counts code points after composing them', () => {
  expect(checkText('😀'.repeat(50), { maxLength: 50 }).ok).toBe(true);
  expect(checkText('e\u0301'.repeat(50), { maxLength: 50 }).ok).toBe(true);
});

test('refuses one character too many and says only how many are allowed', () => {
  const expected = { ok: false, problem: { code: 'TOO_LONG', message: 'Longer than 50 characters.' } };
  expect(checkText('😀'.repeat(51), { maxLength: 50 })).toEqual(expected);
});

test('refuses a card number before all else', () => {
  const expected = { ok: false, problem: { code: 'CARD_NUMBER_REFUSED' } };
  expect(checkText(CARD_NUMBER, { maxLength: 200 })).toEqual(expected);
  expect(checkText(CARD_NUMBER, { maxLength: 5 })).toEqual(expected);
  expect(checkText(`\0${CARD_NUMBER}`, { maxLength: 200 })).toEqual(expected);
  expect(checkText(CARD_NUMBER, { maxLength: 20, kind: 'phone' })).toEqual(expected);
});

test('refuses a character that is never stored before a text that is too long', () => {
  expect(checkText('a\0b', { maxLength: 1 })).toMatchObject({ problem: { code: 'INVALID' } });
});

test('does not look into a text that is longer than any that is stored', () => {
  const huge = `${CARD_NUMBER}${' a'.repeat(5_000)}`;
  expect(checkText(huge, { maxLength: 200 })).toMatchObject({ problem: { code: 'TOO_LONG' } });
});

test.each([
  ['a card number', CARD_NUMBER, 'CARD_NUMBER_REFUSED'],
  ['one among what is never stored', `\0${CARD_NUMBER}`, 'CARD_NUMBER_REFUSED'],
  ['a control character', 'a\0b', 'INVALID'],
  ['a lone surrogate', 'a\ud800', 'INVALID'],
  ['a bidirectional control', 'a\u202egnp', 'INVALID'],
  ['digits that nobody sees', '\u{e0034}\u{e0032}'.repeat(8), 'INVALID'],
  ['a South African identity number', '4501015009080', null],
  ['an IBAN', 'FR76 3000 6000 0112 3456 7890 189', null],
  ['white space at the ends', ' a-1\n', null],
  ['nothing', '', null],
  ['what is too long to be stored', `\0${'x'.repeat(10_000)}`, null],
])('finds in a string to look up %s: %j', (_, raw, fault) => {
  expect(faultOfLookUp(raw)).toBe(fault);
});

test('takes in a phone number to look up what a phone number may be', () => {
  expect([faultOfLookUp('5018123456789'), faultOfLookUp('5018123456789', 'phone')]).toEqual([
    'CARD_NUMBER_REFUSED',
    null,
  ]);
});

test('composes at most four code points into one, on which the cap before normalising rests', () => {
  const most = Array.from(
    { length: 0x110000 },
    (_, at) => [...String.fromCodePoint(at).normalize('NFD')].length,
  );
  expect(most.reduce((a, b) => Math.max(a, b))).toBe(4);
});

test('gives what it would give again, without white space at the ends and no longer than allowed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (raw) => {
      const once = checkText(raw, { maxLength: 30 });
      if (!once.ok) return;
      expect(checkText(once.value, { maxLength: 30 })).toEqual(once);
      expect(once.value).toBe(once.value.normalize('NFC').trim());
      expect([...once.value].length).toBeLessThanOrEqual(30);
    }),
  );
});

test('never repeats the value in a message', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 25, maxLength: 60 }), (raw) => {
      return !JSON.stringify(checkText(`${raw}\0.`, { maxLength: 5 })).includes(raw);
    }),
  );
});

test('compares lengths as counting does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), fc.nat(20), (text, limit) => {
      return isLongerThan(text, limit) === [...text].length > limit;
    }),
  );
});

test('takes more digits than a field has room for as too long, and a card number that is too long as one', () => {
  const card = '4242424242424242';

  const checked = [`${'1'.repeat(85)}${card}`, `${'x'.repeat(85)}${card}`, card].map((text) =>
    checkText(text, { maxLength: 10 }),
  );

  expect(checked).toMatchObject([
    { problem: { code: 'TOO_LONG' } },
    { problem: { code: 'CARD_NUMBER_REFUSED' } },
    { problem: { code: 'CARD_NUMBER_REFUSED' } },
  ]);
});
