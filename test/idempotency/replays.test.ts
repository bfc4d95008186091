import { randomUUID } from 'node:crypto';
import { isObjectType } from 'graphql';
import { features } from '../../src/features.js';
import { foldFeatures } from '../../src/graphql/folded-features.js';
import { createSchema } from '../../src/graphql/schema.js';
import type { Client } from '../support/client.js';
import { aCard, aCustomer, anAddress, aPaymentMethod, aProviderToken } from '../support/factories.js';
import { isReplay, keyed } from '../support/keyed.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

/** Each mutation with an input that succeeds. */
const inputs: Readonly<Record<string, (client: Client) => Promise<object>>> = {
  createCustomer: async () => ({ name: 'Ada', reference: randomUUID(), addresses: [{ label: 'Home' }] }),
  upsertCustomer: async () => ({ name: 'Ada', reference: randomUUID() }),
  updateCustomer: async (client) => ({ id: (await aCustomer(client)).id, name: 'Grace' }),
  deleteCustomer: async (client) => ({ id: (await aCustomer(client)).id }),
  addAddress: async (client) => ({ customerId: (await aCustomer(client)).id, address: { label: 'Home' } }),
  updateAddress: async (client) => ({
    id: (await anAddress(client, (await aCustomer(client)).id)).id,
    label: 'B',
  }),
  setDefaultAddress: async (client) => {
    const { id } = await aCustomer(client, { addresses: [{ label: 'A' }] });
    return { id: (await anAddress(client, id)).id };
  },
  removeAddress: async (client) => ({ id: (await anAddress(client, (await aCustomer(client)).id)).id }),
  linkPaymentMethod: async (client) => ({
    customerId: (await aCustomer(client)).id,
    token: await aProviderToken(client),
  }),
  updatePaymentMethod: async (client) => ({
    id: (await aPaymentMethod(client, (await aCustomer(client)).id)).id,
    label: 'Mine',
  }),
  setDefaultPaymentMethod: async (client) => {
    const { id } = await aCustomer(client);
    await aPaymentMethod(client, id);
    return { id: (await aPaymentMethod(client, id)).id };
  },
  unlinkPaymentMethod: async (client) => ({
    id: (await aPaymentMethod(client, (await aCustomer(client)).id)).id,
  }),
  createApiKey: async () => ({ label: 'Shop', scopes: ['CUSTOMERS_READ'] }),
  rotateApiKey: async (client) => ({ id: await anApiKey(client) }),
  revokeApiKey: async (client) => ({ id: await anApiKey(client) }),
  createCustomerSession: async (client) => ({ customerId: (await aCustomer(client)).id }),
};

async function anApiKey(client: Client): Promise<string> {
  const answer = await client.execute(
    'mutation { createApiKey(input: { label: "Shop", scopes: [CUSTOMERS_READ] }) { apiKey { id } } }',
  );
  return answer.expectData().createApiKey.apiKey.id;
}

/** What a replay may say of an answer: no secret is shown a second time. */
function withoutSecrets(data: object): object {
  return JSON.parse(JSON.stringify(data), (name, value) => {
    if (name === 'secret') return null;
    return name === 'session' ? { ...value, token: null } : value;
  });
}

const facts = foldFeatures(features).mutations;

test('knows what to keep of every field of every mutation that takes a key, and these are tested', () => {
  const mutations = Object.values(createSchema('schema', features).getMutationType()?.getFields() ?? {});
  const payloads = mutations.map(({ name, type }) => {
    const fields = isObjectType(type) ? Object.keys(type.getFields()) : [];
    return [name, fields.filter((field) => field !== 'userErrors').sort()] as const;
  });

  const kept = mutations.map(({ name }) => {
    const keeps = facts[name]?.keeps ?? null;
    return [name, keeps && Object.keys(keeps).sort()] as const;
  });
  const taking = kept.filter(([, fields]) => fields !== null);

  expect(taking).toEqual(payloads.filter(([name]) => name !== 'createSandboxPaymentToken'));
  expect(Object.keys(inputs).sort()).toEqual(taking.map(([name]) => name).sort());
});

test('a mutation that the table does not know takes no key', () => {
  expect([facts['unheardOf'], facts['constructor']]).toEqual([undefined, undefined]);
});

test.each(Object.keys(inputs))('carries %s out once and gives the same again', async (mutation) => {
  const input = await inputs[mutation]?.(vault.owner);
  const key = randomUUID();

  const first = await keyed(vault.owner, mutation, key, input ?? {});
  const before = await countsOf(vault.owner);
  const second = await keyed(vault.owner, mutation, key, input ?? {});

  expect(first.expectData()[mutation].userErrors).toEqual([]);
  expect(second.expectData()).toEqual(withoutSecrets(first.expectData()));
  expect([isReplay(first), isReplay(second)]).toEqual([false, true]);
  expect(await countsOf(vault.owner)).toEqual(before);
});

/** The versions of all customers, and with them whether anything was changed. */
async function countsOf(client: Client): Promise<object> {
  const answer = await client.execute('{ customers(first: 100) { totalCount nodes { id version } } }');
  return answer.expectData();
}

test('gives the objects as they are now', async () => {
  const key = randomUUID();
  const first = await keyed(vault.owner, 'createCustomer', key, { name: 'Ada' });
  const { id } = first.expectData().createCustomer.customer;
  await keyed(vault.owner, 'updateCustomer', randomUUID(), { id, name: 'Grace' });
  await anAddress(vault.owner, id, { label: 'New' });

  const replay = await keyed(vault.owner, 'createCustomer', key, { name: 'Ada' });

  expect(replay.expectData().createCustomer).toEqual({
    customer: { id, name: 'Grace', version: 3, addresses: [{ label: 'New' }] },
    userErrors: [],
  });
});

test('gives null and NOT_FOUND for what has been deleted since, and makes nothing anew', async () => {
  const key = randomUUID();
  const first = await keyed(vault.owner, 'createCustomer', key, { name: 'Ada' });
  const { id } = first.expectData().createCustomer.customer;
  await keyed(vault.owner, 'deleteCustomer', randomUUID(), { id });

  const replay = await keyed(vault.owner, 'createCustomer', key, { name: 'Ada' });

  expect(replay.expectData().createCustomer).toEqual({
    customer: null,
    userErrors: [{ code: 'NOT_FOUND', field: null, message: 'It has been deleted since the first call.' }],
  });
  expect(isReplay(replay)).toBe(true);
});

test('gives what is left when one of two objects has been deleted', async () => {
  const { id } = await aCustomer(vault.owner);
  const key = randomUUID();
  const input = { customerId: id, token: await aProviderToken(vault.owner) };
  const first = (await keyed(vault.owner, 'linkPaymentMethod', key, input)).expectData().linkPaymentMethod;
  await keyed(vault.owner, 'unlinkPaymentMethod', randomUUID(), { id: first.paymentMethod.id });

  const replay = await keyed(vault.owner, 'linkPaymentMethod', key, input);

  expect(replay.expectData().linkPaymentMethod).toEqual({
    paymentMethod: null,
    customer: { id, version: 3 },
    existing: false,
    userErrors: [expect.objectContaining({ code: 'NOT_FOUND' })],
  });
});

test('keeps the flags of the first call', async () => {
  const reference = randomUUID();
  const [one, two] = [randomUUID(), randomUUID()];
  const call = (key: string) => keyed(vault.owner, 'upsertCustomer', key, { name: 'Ada', reference });

  const answers = [await call(one), await call(two), await call(one), await call(two)];

  expect(answers.map((answer) => answer.expectData().upsertCustomer.created)).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect(answers.map(isReplay)).toEqual([false, false, true, true]);
});

test('replays the payment method that was there already, as what it was', async () => {
  const customer = await aCustomer(vault.owner);
  const { id } = await aPaymentMethod(vault.owner, customer.id, { tokenize: aCard({ lastFour: '7777' }) });
  const token = await aProviderToken(vault.owner, aCard({ lastFour: '7777' }));
  const input = { customerId: customer.id, token, ifDuplicate: 'RETURN_EXISTING' };
  const key = randomUUID();
  const before = await wholeCustomer(vault.owner, customer.id);

  const answers = [
    await keyed(vault.owner, 'linkPaymentMethod', key, input),
    await keyed(vault.owner, 'linkPaymentMethod', key, input),
  ];

  const given = answers.map((answer) => answer.expectData().linkPaymentMethod);
  expect(given.map(({ existing, paymentMethod }) => [existing, paymentMethod.id])).toEqual([
    [true, id],
    [true, id],
  ]);
  expect(await wholeCustomer(vault.owner, customer.id)).toEqual(before);
});

test('reads a replay with all that hangs on it in one statement', async () => {
  const key = randomUUID();
  const input = { name: 'Ada', addresses: [{ label: 'Home' }] };
  const document = `mutation ($input: CreateCustomerInput!, $key: String!) {
    createCustomer(input: $input) @idempotent(key: $key) {
      customer { id addresses { id label customer { id } } paymentMethods { nodes { id } } } userErrors { code }
    }
  }`;

  const first = await vault.owner.execute(document, { input, key });
  const second = await vault.owner.execute(document, { input, key });

  expect(second.expectData()).toEqual(first.expectData());
});
