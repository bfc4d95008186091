import { change } from '../support/changes.js';
import { queryAs } from '../support/database.js';
import { aCard, aCustomer, aPaymentMethod, aProviderToken } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

/** A customer with three payment methods: the blobs of the first, which is the default, and the last are swapped. */
async function aCustomerWithSwappedBlobs() {
  const customer = await aCustomer(vault.owner);
  const first = await aPaymentMethod(vault.owner, customer.id, { label: 'First' });
  const intact = await aPaymentMethod(vault.owner, customer.id, { label: 'Intact' });
  const last = await aPaymentMethod(vault.owner, customer.id, { label: 'Last' });
  const { rowCount } = await queryAs(
    vault.databaseUrl,
    `update payment_methods p set sealed = other.sealed from payment_methods other
     where p.id = any($1) and other.id = any($1) and p.id <> other.id`,
    [[first.id, last.id]],
  );
  if (rowCount !== 2) throw new Error('The blobs were not swapped.');
  return { customer, first, intact, last };
}

test('fails what is sealed in payment methods whose blobs were swapped, and serves the rest', async () => {
  const { customer, first, intact, last } = await aCustomerWithSwappedBlobs();

  const answer = await vault.owner.execute(
    `query ($id: ID!) {
      customer(id: $id) { name paymentMethods { nodes { id label card { lastFour } } } }
    }`,
    { id: customer.id },
  );

  const card = { lastFour: '4242' };
  expect(answer.status).toBe(200);
  expect(answer.body.data).toEqual({
    customer: {
      name: 'Ada Lovelace',
      paymentMethods: {
        nodes: [
          { id: first.id, label: null, card },
          { id: last.id, label: null, card },
          { id: intact.id, label: 'Intact', card },
        ],
      },
    },
  });
  expect(answer.expectErrors()).toEqual([
    { code: 'INTERNAL_SERVER_ERROR', path: ['customer', 'paymentMethods', 'nodes', 0, 'label'] },
    { code: 'INTERNAL_SERVER_ERROR', path: ['customer', 'paymentMethods', 'nodes', 1, 'label'] },
  ]);
});

test('gives nothing to charge from a blob that was swapped', async () => {
  const { customer, first } = await aCustomerWithSwappedBlobs();

  const answer = await vault.owner.execute(
    `query ($token: ID!) {
      resolvePaymentToken(token: $token) { usable providerToken paymentMethod { id } }
    }`,
    { token: customer.token },
  );

  expect(answer.body.data).toEqual({
    resolvePaymentToken: { usable: true, providerToken: null, paymentMethod: { id: first.id } },
  });
  expect(answer.expectErrors()).toEqual([
    { code: 'INTERNAL_SERVER_ERROR', path: ['resolvePaymentToken', 'providerToken'] },
  ]);
});

test('leaves a payment method alone that it cannot open', async () => {
  const { customer, first } = await aCustomerWithSwappedBlobs();
  const read = 'select sealed, updated_at from payment_methods where id = $1';
  const before = await queryAs(vault.databaseUrl, read, [first.id]);

  const answer = await change(vault.owner, 'updatePaymentMethod', { id: first.id, label: 'Mine now' });

  expect(answer.body.data).toEqual({ updatePaymentMethod: null });
  expect(answer.expectErrors()).toEqual([{ code: 'INTERNAL_SERVER_ERROR', path: ['updatePaymentMethod'] }]);
  const after = await queryAs(vault.databaseUrl, read, [first.id]);
  expect(before.rows).toHaveLength(1);
  expect(after.rows).toEqual(before.rows);
  const version = await vault.owner.execute('query ($id: ID!) { customer(id: $id) { version } }', {
    id: customer.id,
  });
  expect(version.expectData().customer.version).toBe(4);
});

test('can still unlink a payment method that it cannot open', async () => {
  const { first } = await aCustomerWithSwappedBlobs();

  const answer = await vault.owner.execute(
    `mutation ($id: ID!) {
      unlinkPaymentMethod(input: { id: $id }) {
        unlinkedPaymentMethodId customer { version defaultPaymentMethod { id } } userErrors { code }
      }
    }`,
    { id: first.id },
  );

  expect(answer.expectData().unlinkPaymentMethod).toEqual({
    unlinkedPaymentMethodId: first.id,
    customer: { version: 5, defaultPaymentMethod: null },
    userErrors: [],
  });
});

test('tells the log and not the client why a blob does not open', async () => {
  const { first } = await aCustomerWithSwappedBlobs();

  const answer = await vault.owner.execute('query ($id: ID!) { paymentMethod(id: $id) { label } }', {
    id: first.id,
  });

  expect(answer.body.errors).toMatchObject([{ message: 'Something went wrong on our side.' }]);
  const logged = vault.logged().split('\n');
  const line = logged.find((text) => text.includes(answer.body.extensions.requestId));
  expect(line).toContain('IntegrityError');
});

test('keeps neither the label, nor the billing details, nor any token of the provider in the clear', async () => {
  const customer = await aCustomer(vault.owner);
  const billingDetails = { name: 'Zanzibar Ouagadougou', email: 'kilimanjaro@example.com' };
  const token = await aProviderToken(vault.owner, { ...aCard(), billingDetails });
  const linked = await change(vault.owner, 'linkPaymentMethod', {
    customerId: customer.id,
    token,
    label: 'Popocatepetl',
  });

  const tables = await queryAs<{ name: string }>(
    vault.databaseUrl,
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  );
  const stored: string[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await queryAs<{ row: string }>(
      vault.databaseUrl,
      `select row_to_json(t)::text as row from "${name}" t`,
    );
    stored.push(...rows.map(({ row }) => row.toLowerCase()));
  }

  const { paymentMethod } = linked.expectData().linkPaymentMethod;
  expect(stored.filter((row) => row.includes(paymentMethod.token))).toHaveLength(1);
  const secrets = [
    'zanzibar',
    'ouagadougou',
    'kilimanjaro',
    'popocatepetl',
    token,
    token.replaceAll('-', ''),
  ];
  for (const secret of secrets.flatMap((text) => [text, Buffer.from(text).toString('hex')]))
    expect(stored.filter((row) => row.includes(secret))).toEqual([]);
  for (const secret of ['Zanzibar', 'Ouagadougou', 'Popocatepetl'].map((text) => Buffer.from(text)))
    expect(stored.filter((row) => row.includes(secret.toString('hex')))).toEqual([]);
});
