import { randomUUID } from 'node:crypto';
import { features, withNodes } from '../../../src/features.js';
import { foldFeatures } from '../../../src/graphql/folded-features.js';
import type { Client } from '../../support/client.js';
import { aCaller } from '../../support/keys.js';
import { startVault, type TestVault } from '../../support/vault.js';
import { noteFeature, written } from './note.feature.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ features: [...features, noteFeature] });
});

afterAll(() => vault.close());

const note = '{ note { id text secret } }';

test('a feature is served by its folder and one line', async () => {
  const answer = await vault.owner.execute(note);

  expect(answer.expectData()).toEqual({
    note: { id: '0123456789abcdef01234567', text: 'Hello', secret: 'Psst' },
  });
});

test('each of its fields takes the action that it names, at its own path', async () => {
  const [reader, stranger] = [
    await aCaller(vault, ['CUSTOMERS_READ']),
    await aCaller(vault, ['KEYS_MANAGE']),
  ];

  const answers = [await reader.execute(note), await stranger.execute(note)];

  expect(answers.map(({ body }) => body.data)).toEqual([
    { note: { id: '0123456789abcdef01234567', text: 'Hello', secret: null } },
    { note: null },
  ]);
  expect(answers.map((answer) => answer.expectErrors())).toEqual([
    [{ code: 'FORBIDDEN', path: ['note', 'secret'] }],
    [{ code: 'FORBIDDEN', path: ['note'] }],
  ]);
});

test('a root field that it does not name is closed to everyone', async () => {
  const answer = await vault.owner.execute('{ forgotten { id } note { text } }');

  expect(answer.body.data).toEqual({ forgotten: null, note: { text: 'Hello' } });
  expect(answer.expectErrors()).toEqual([{ code: 'FORBIDDEN', path: ['forgotten'] }]);
});

test('it costs what it says', async () => {
  const { body } = await vault.owner.execute(note);

  expect(body.extensions).toMatchObject({ cost: { requested: 8 } });
});

test('what its fields look up is checked like that of all others', async () => {
  const answer = await vault.owner.execute('{ note(about: "4242424242424242") { id } }');

  expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT', path: ['note'] }]);
});

function write(client: Client, text: string, key: string) {
  return client.executeOnce(
    `mutation ($input: WriteNoteInput!, $key: String!) {
      writeNote(input: $input) @idempotent(key: $key) { writtenText userErrors { code message } }
    }`,
    { input: { text }, key },
  );
}

test('its mutation is carried out once under a key, and its problems have their sentence', async () => {
  const key = randomUUID();

  const answers = [
    await write(vault.owner, 'Hi', key),
    await write(vault.owner, 'Hi', key),
    await write(vault.owner, 'dull', randomUUID()),
  ];

  expect(answers.map((answer) => answer.expectData().writeNote)).toEqual([
    { writtenText: 'Hi', userErrors: [] },
    { writtenText: 'Hi', userErrors: [] },
    { writtenText: null, userErrors: [{ code: 'TOO_DULL', message: 'Nobody wants to read it.' }] },
  ]);
  expect(written).toEqual(['Hi']);
});

test('two features cannot bring the same', () => {
  expect(() => foldFeatures([...features, ...withNodes([])])).toThrow('Two features bring node.');
});
