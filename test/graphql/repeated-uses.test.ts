import { randomUUID } from 'node:crypto';
import { Client } from '../support/client.js';
import { aCustomer, anAddress, aPaymentMethod } from '../support/factories.js';
import { aCaller, aKey, changeKey } from '../support/keys.js';
import { startVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

// What went wrong when documents that came often were executed in a way of their own, each five times.

const vault = await startVault();
const { owner } = vault;
const uses = [1, 2, 3, 4, 5];

afterAll(() => vault.close());

test.each(uses)('leaves what a customer update leaves out, use %i', async () => {
  const { id } = await aCustomer(owner, { phone: '5551234567', metadata: { plan: 'gold' } });

  const answer = await owner.execute(
    `mutation ($id: ID!, $name: String, $phone: String, $md: Metadata) {
      updateCustomer(input: { id: $id, name: $name, phone: $phone, metadata: $md }) {
        customer { name phone metadata } userErrors { code } } }`,
    { id, name: 'Grace' },
  );

  const customer = { name: 'Grace', phone: '5551234567', metadata: { plan: 'gold' } };
  expect(answer.expectData()).toEqual({ updateCustomer: { customer, userErrors: [] } });
  expect(await wholeCustomer(owner, id)).toMatchObject(customer);
});

test.each(uses)('leaves what an address update leaves out, use %i', async () => {
  const customer = await aCustomer(owner);
  const { id } = await anAddress(owner, customer.id, { city: 'London', line1: '1 Main St' });

  const answer = await owner.execute(
    `mutation ($id: ID!, $label: String, $city: String, $line1: String, $isDefault: Boolean) {
      updateAddress(input: { id: $id, label: $label, city: $city, line1: $line1, isDefault: $isDefault }) {
        address { label city line1 isDefault } userErrors { code } } }`,
    { id, label: 'Renamed' },
  );

  const address = { label: 'Renamed', city: 'London', line1: '1 Main St', isDefault: true };
  expect(answer.expectData()).toEqual({ updateAddress: { address, userErrors: [] } });
});

test.each(uses)('leaves what a payment method update leaves out, use %i', async () => {
  const customer = await aCustomer(owner);
  const { id } = await aPaymentMethod(owner, customer.id, { label: 'Mine' });

  const answer = await owner.execute(
    `mutation ($id: ID!, $label: String, $billing: BillingDetailsInput) {
      updatePaymentMethod(input: { id: $id, label: $label, billingDetails: $billing }) {
        paymentMethod { label billingDetails { name } } userErrors { code } } }`,
    { id, billing: { name: 'Grace' } },
  );

  const paymentMethod = { label: 'Mine', billingDetails: { name: 'Grace' } };
  expect(answer.expectData()).toEqual({ updatePaymentMethod: { paymentMethod, userErrors: [] } });
});

test.each(uses)('refuses a field whatever the aliases beside it look like, use %i', async () => {
  const writer = await aCaller(vault, ['CUSTOMERS_WRITE']);
  const { id } = await aHandle(writer);

  const answer = await writer.execute(
    `mutation ($id: ID!) { a: updateCustomer(input: { id: $id }) { b_c: customer { id name email } }
      c_a: updateCustomer(input: { id: $id }) { b: customer { id } } }`,
    { id },
  );

  expect(answer.body.data).toEqual({ a: { b_c: null }, c_a: { b: { id } } });
  expect(answer.expectErrors()).toEqual([{ code: 'FORBIDDEN', path: ['a', 'b_c'] }]);
});

/** The id of a new customer, for whoever may not read it. */
async function aHandle(writer: Client): Promise<{ id: string }> {
  const create =
    'mutation { createCustomer(input: { name: "Ada", email: "ada@example.com" }) { customer { id } } }';
  return (await writer.execute(create)).expectData().createCustomer.customer;
}

test('gives one customer for one idempotency key, whatever is left out, at each try and from another server', async () => {
  const other = await startVault({ keyring: vault.keyring, databaseUrl: vault.databaseUrl });
  const merchant = await aKey(vault);
  const headers = { ...merchant.headers, 'idempotency-key': randomUUID() };
  const call = `mutation ($n: String!, $p: String) { createCustomer(input: { name: $n, phone: $p }) {
    customer { id } userErrors { code } } }`;

  const answers: { customer: { id: string } }[] = [];
  for (const url of [...uses.map(() => vault.url), ...uses.map(() => other.url)])
    answers.push((await new Client(url, headers).execute(call, { n: 'Ada' })).expectData().createCustomer);
  await other.close();

  expect(answers[0]?.customer.id).toEqual(expect.any(String));
  expect(answers).toEqual(answers.map(() => ({ customer: answers[0]?.customer, userErrors: [] })));
});

test.each(uses)(
  'refuses a key that would outlive its maker, also by the default of a variable, use %i',
  async () => {
    const merchant = await aKey(vault);
    await changeKey(vault, merchant, `expires_at = now() + interval '1 hour'`);

    const answer = await new Client(vault.url, merchant.headers).execute(
      `mutation ($e: DateTime = "2099-01-01T00:00:00Z") {
      createApiKey(input: { label: "L", scopes: [CUSTOMERS_READ], expiresAt: $e }) {
        apiKey { id } secret userErrors { code field } } }`,
    );

    const userErrors = [{ code: 'SCOPE_EXCEEDED', field: ['input', 'expiresAt'] }];
    expect(answer.expectData().createApiKey).toEqual({ apiKey: null, secret: null, userErrors });
  },
);

test.each(uses)('keeps metadata of which a variable is a part, use %i', async () => {
  const answer = await owner.execute(
    `mutation ($p: String, $q: String) { createCustomer(input: { name: "M", metadata: { plan: $p, left: $q } }) {
      customer { metadata } userErrors { code } } }`,
    { p: 'gold' },
  );

  const customer = { metadata: { plan: 'gold' } };
  expect(answer.expectData()).toEqual({ createCustomer: { customer, userErrors: [] } });
});

test.each(uses)(
  'spreads a fragment where it is included, though it is left out elsewhere, use %i',
  async () => {
    const { id } = await aCustomer(owner, { name: 'Ada' });

    const answer = await owner.execute(
      `query ($id: ID!, $a: Boolean!) { x: customer(id: $id) { id ...F @include(if: $a) ...G }
      y: customer(id: $id) { id ...F } }
      fragment F on Customer { name addresses { id } } fragment G on Customer { ...F @skip(if: true) version }`,
      { id, a: false },
    );

    expect(answer.expectData()).toEqual({ x: { id, version: 1 }, y: { id, name: 'Ada', addresses: [] } });
  },
);

test('answers an empty operation name the same each time', async () => {
  const body = JSON.stringify({ query: 'query A { __typename } query B { __typename }', operationName: '' });
  const ask = async () =>
    (
      await fetch(`${vault.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
    ).text();

  const texts = [];
  for (const _ of uses) texts.push((await ask()).replace(/"requestId":"[^"]*"/, ''));

  expect(texts[0]).toContain('errors');
  expect(new Set(texts).size).toBe(1);
});

test.each(uses)('reads variables with the names of what every object has, use %i', async () => {
  const { id } = await aCustomer(owner, { name: 'Ada', phone: '5551234567', email: 'ada@example.com' });
  const call = `mutation ($constructor: ID!, $toString: String, $__proto__: String, $valueOf: Metadata) {
    updateCustomer(input: { id: $constructor, phone: $toString, email: $__proto__, metadata: $valueOf }) {
      customer { phone email metadata } userErrors { code } } }`;
  // Parsed, `__proto__` is the object's own; written in a literal it would not be.
  const send = async (variables: string) =>
    (await owner.execute(call, JSON.parse(variables))).expectData().updateCustomer;

  const left = await send(`{"constructor":"${id}"}`);
  const given = await send(`{"constructor":"${id}","toString":null,"__proto__":"grace@example.com"}`);

  expect(left).toEqual({
    customer: { phone: '5551234567', email: 'ada@example.com', metadata: null },
    userErrors: [],
  });
  expect(given).toEqual({
    customer: { phone: null, email: 'grace@example.com', metadata: null },
    userErrors: [],
  });
});
