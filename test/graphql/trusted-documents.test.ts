import { hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTrustedDocuments, TrustedDocumentsError } from '../../src/graphql/trusted-documents.js';
import { aDataDirectory, ChildServer, removeDataDirectories } from '../support/child-server.js';
import { postJson, send } from '../support/http.js';
import { aKey, type MadeKey } from '../support/keys.js';
import { loggedRequest } from '../support/statements.js';
import { startVault, type TestVault } from '../support/vault.js';

const listed = 'query Count { customers { totalCount } }';
const named = 'query Of($id: ID!) { customer(id: $id) { id } }';
const other = '{ customers { nodes { id } } }';
const sha256 = (text: string) => hash('sha256', text);

let folder: string;
let vault: TestVault;
let open: TestVault;
let key: MadeKey;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vault-documents-'));
  const file = await aFile({ [sha256(listed)]: listed, 'Of-1': named });
  vault = await startVault({ settings: { trustedDocuments: readTrustedDocuments(file) } });
  open = await startVault();
  key = await aKey(vault);
});

afterAll(async () => {
  await Promise.all([vault.close(), open.close()]);
  await rm(folder, { recursive: true });
  await removeDataDirectories();
});

async function aFile(content: unknown): Promise<string> {
  const file = join(folder, `${Math.random()}.json`);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

async function post(to: TestVault, body: object) {
  const { authorization } = to === vault ? key.headers : (await aKey(to)).headers;
  const { status, text, headers } = await postJson(to.url, JSON.stringify(body), { authorization });
  const { data, errors } = JSON.parse(text);
  return { status, data, code: errors?.[0].extensions.code, message: errors?.[0].message, headers };
}

function byHash(sha256Hash: unknown, more: object = {}) {
  return { extensions: { persistedQuery: { version: 1, sha256Hash } }, ...more };
}

test('runs a document of the list by its text', async () => {
  expect(await post(vault, { query: listed })).toMatchObject({
    status: 200,
    data: { customers: { totalCount: 0 } },
  });
});

test.each<[string, object, object]>([
  ['its hash', byHash(sha256(listed)), { customers: { totalCount: 0 } }],
  ['another id', byHash('Of-1', { variables: { id: '0' } }), { customer: null }],
  ['its hash and its text', byHash(sha256(listed), { query: listed }), { customers: { totalCount: 0 } }],
])('runs a document of the list by %s', async (_, body, data) => {
  expect(await post(vault, body)).toMatchObject({ status: 200, data });
});

test('runs a document of the list by GET', async () => {
  const extensions = encodeURIComponent(JSON.stringify(byHash(sha256(listed)).extensions));

  const answer = await send(`${vault.url}/graphql?extensions=${extensions}`, {
    headers: { ...key.headers, 'apollo-require-preflight': 'true' },
  });

  expect(JSON.parse(answer.text).data).toEqual({ customers: { totalCount: 0 } });
});

test.each([other, `${listed} `, '{ __typename }', '{ __schema { types { name } } }', '{ nothing }'])(
  'refuses the document %j, which is not on the list, before anything is read',
  async (query) => {
    const { status, code, headers } = await post(vault, { query });

    expect([status, code]).toEqual([403, 'FORBIDDEN']);
    const line = await loggedRequest(vault.logged, String(headers['x-request-id']));
    expect(line.statements).toBe(0);
  },
);

test('learns no document from a caller that sends it with its hash', async () => {
  const sent = await post(vault, byHash(sha256(other), { query: other }));
  const again = await post(vault, byHash(sha256(other)));

  expect([sent.code, again.code]).toEqual(['FORBIDDEN', 'PERSISTED_QUERY_NOT_FOUND']);
});

test('learns a document with its hash where there is no list', async () => {
  const first = await post(open, byHash(sha256(other)));
  const sent = await post(open, byHash(sha256(other), { query: other }));
  const again = await post(open, byHash(sha256(other)));

  expect([first.status, first.code, first.message]).toEqual([
    200,
    'PERSISTED_QUERY_NOT_FOUND',
    'PersistedQueryNotFound',
  ]);
  expect([sent.data, again.data]).toEqual([{ customers: { nodes: [] } }, { customers: { nodes: [] } }]);
});

test.each<[string, object]>([
  ['the hash of another document', byHash(sha256(listed), { query: other })],
  [
    'a version that does not exist',
    { query: other, extensions: { persistedQuery: { version: 2, sha256Hash: 'a' } } },
  ],
  ['nothing but a name', { query: other, extensions: { persistedQuery: 'canary' } }],
  ['a hash that is no text', byHash({ canary: 1 }, { query: other })],
])('refuses a persisted query with %s as the caller’s fault', async (_, body) => {
  expect(await post(open, body)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  expect(open.logged()).not.toContain('unforeseen error');
});

test.each([{ canary: 1 }, ['canary'], 1, null, '', 'canary', '__proto__', 'x'.repeat(100_000)])(
  'finds no document by the hash %j',
  async (sha256Hash) => {
    for (const to of [vault, open]) {
      expect(await post(to, byHash(sha256Hash))).toMatchObject({
        status: 200,
        code: 'PERSISTED_QUERY_NOT_FOUND',
      });
    }
  },
);

test("reads Apollo's manifest", async () => {
  const operations = [{ id: 'a', name: 'Count', type: 'query', body: listed }];
  const file = await aFile({ format: 'apollo-persisted-query-manifest', version: 1, operations });

  const trusted = readTrustedDocuments(file);

  expect([trusted.textOf('a'), trusted.isTrusted(listed), trusted.isTrusted(other)]).toEqual([
    listed,
    true,
    false,
  ]);
});

test.each<[string, unknown]>([
  ['is not JSON', 'canary'],
  ['is not an object of ids and documents', []],
  ['is not an object of ids and documents', {}],
  ['is not an object of ids and documents', { canary: 1 }],
  ['is not an object of ids and documents', { format: 'apollo-persisted-query-manifest', operations: [] }],
])('says of a list that it %s', async (problem, content) => {
  const file = await aFile(content);

  expect(() => readTrustedDocuments(file)).toThrow(TrustedDocumentsError);
  expect(() => readTrustedDocuments(file)).toThrow(`VAULT_TRUSTED_DOCUMENTS: the file ${problem}`);
  expect(() => readTrustedDocuments(file)).not.toThrow(/canary/);
});

test('does not start with a list that is not there', async () => {
  const { code, stderr } = await new ChildServer({
    VAULT_DATA_DIR: await aDataDirectory(),
    VAULT_TRUSTED_DOCUMENTS: join(folder, 'nothing.json'),
  }).end();

  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining('VAULT_TRUSTED_DOCUMENTS: the file cannot be read.'),
  ]);
});
