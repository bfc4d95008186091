import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { forms } from '../support/argument-forms.js';
import { aDataDirectory, ChildServer, removeDataDirectories } from '../support/child-server.js';
import { Client } from '../support/client.js';
import { aCustomer, aPaymentMethod } from '../support/factories.js';
import {
  inputTypeOf,
  mutations,
  type Subjects,
  selectionOf,
  subjects,
} from '../support/mutation-subjects.js';
import { CUSTOMER, PAYMENT_METHOD } from '../support/whole-customer.js';

let server: ChildServer;
let client: Client;

beforeAll(async () => {
  const dataDir = await aDataDirectory();
  server = new ChildServer({
    VAULT_DATA_DIR: dataDir,
    NODE_OPTIONS: `--import=${pathToFileURL('test/support/no-code-generation.mjs')}`,
    LOG_LEVEL: 'error',
  });
  const url = await server.ready();
  const key = (await readFile(join(dataDir, 'api-key'), 'utf8')).trim();
  client = new Client(url, { authorization: `Bearer ${key}` });
});

afterAll(async () => {
  await server.stop();
  await removeDataDirectories();
});

const queries = [
  `query ($id: ID!) { customer(id: $id) { ${CUSTOMER} } }`,
  `query ($id: ID!, $token: ID!, $methodId: ID!) {
    node(id: $id) { id } nodes(ids: [$id, $methodId]) { __typename id } customerByToken(token: $token) { name }
    paymentMethod(id: $methodId) { ${PAYMENT_METHOD} } resolvePaymentToken(token: $token) { providerToken usable } }`,
  `query ($word: String = "ada") { customers(first: 5, filter: { search: $word }) { totalCount nodes { name }
    edges { cursor } pageInfo { endCursor } } apiKeys { nodes { label } } merchant { name } me { id } }`,
  '{ __schema { types { name fields { name } } } }',
];

/** Every mutation in two forms, and every query, as often as the client sends each. */
async function runTheContract(): Promise<void> {
  for (const { name } of mutations) {
    const { make, full } = subjects[name] as Subjects;
    for (const form of ['as literals', 'as a variable for each leaf']) {
      const { fresh } = await make(client);
      const write = forms[form] as (typeof forms)[string];
      const { definitions, value, variables } = write(
        inputTypeOf(name),
        { ...full, ...fresh },
        new Set(Object.keys(fresh)),
      );
      const declared = definitions.length > 0 ? `(${definitions.join(', ')})` : '';
      (
        await client.execute(
          `mutation ${declared} { ${name}(input: ${value}) { ${selectionOf(name)} } }`,
          variables,
        )
      ).expectData();
    }
  }
  const { id, token } = await aCustomer(client);
  const { id: methodId } = await aPaymentMethod(client, id);
  for (const query of queries) (await client.execute(query, { id, token, methodId })).expectData();
}

test('answers the whole contract when nothing can make code of text any more', async () => {
  await runTheContract();
  process.kill(server.pid, 'SIGUSR2');
  while (!server.stderr.includes('no more code')) await sleep(20);

  for (let time = 0; time < 5; time += 1) await runTheContract();

  expect(server.stderr).not.toContain('code was made of text');
}, 120_000);
