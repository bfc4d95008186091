import { openSealed, readSealed, sealedFields } from '../../src/sealing/sealed-value.js';
import { aPlace, aVault, errorOf } from './factories.js';

const ADA = { name: 'Ada Lovelace 😀', note: null };
const fields = sealedFields<typeof ADA>()('profile', 'name', 'note');

test.each([1, 100, 10_000])('opens a blob in base64, of a text repeated %s times', (times) => {
  const vault = aVault();
  const value = { text: 'ä€😀'.repeat(times) };

  const sealed = openSealed<typeof value>(vault, aPlace(), vault.seal(aPlace(), value).toString('base64'));

  expect(readSealed(sealed)).toEqual(value);
});

test('opens a blob whose base64 PostgreSQL has broken into lines', () => {
  const vault = aVault();
  const value = { text: 'x'.repeat(300) };
  const lines = vault.seal(aPlace(), value).toString('base64').replace(/.{76}/g, '$&\n');

  expect(readSealed(openSealed(vault, aPlace(), lines))).toEqual(value);
});

test('shows nothing of a longer value that was opened before', () => {
  const vault = aVault();
  const open = (value: object) =>
    readSealed(openSealed(vault, aPlace(), vault.seal(aPlace(), value).toString('base64')));

  expect([open({ long: 'y'.repeat(500) }), open({ a: 1 })]).toEqual([{ long: 'y'.repeat(500) }, { a: 1 }]);
});

test('shows each field of a value that opens', () => {
  const vault = aVault();

  const blob = vault.seal(aPlace(), ADA).toString('base64');
  const object = { profile: openSealed<typeof ADA>(vault, aPlace(), blob) };

  expect([fields.name(object), fields.note(object)]).toEqual([ADA.name, null]);
});

test.each([
  ['was changed', 'AQAAAAE='],
  ['was not selected', undefined],
])('shows an error in each field of a value that %s', (_, base64) => {
  const object = { profile: openSealed<typeof ADA>(aVault(), aPlace(), base64) };

  expect([fields.name(object), fields.note(object)]).toEqual([expect.any(Error), expect.any(Error)]);
});

test('throws where all of a value is asked for that does not open', () => {
  const sealed = openSealed<typeof ADA>(aVault(), aPlace(), '');

  expect(errorOf(() => readSealed(sealed))).toMatchObject({ name: 'IntegrityError', fault: 'LENGTH' });
});

test('takes nothing but objects for a sealed value', () => {
  const vault = aVault();
  const blob = vault.seal(aPlace(), 'a text' as unknown as object).toString('base64');

  expect(openSealed(vault, aPlace(), blob)).toMatchObject({
    state: 'unreadable',
    error: { fault: 'CONTENT' },
  });
});
