import type { Client } from '../support/client.js';
import { queryAs } from '../support/database.js';
import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { startVault } from '../support/vault.js';

const vault = await startVault();

afterAll(() => vault.close());

const tables = ['customers', 'addresses', 'payment_methods'] as const;
type Table = (typeof tables)[number];

/** What of an answer is sealed in which table, and where it stands. */
const sealed: Readonly<Record<Table, readonly (string | number)[]>> = {
  customers: ['customer', 'name'],
  addresses: ['customer', 'addresses', 0, 'line1'],
  payment_methods: ['customer', 'paymentMethods', 'nodes', 0, 'label'],
};

interface Person {
  readonly id: string;
  readonly word: string;
  readonly rows: Readonly<Record<Table, string>>;
}

let counted = 0;

/** A customer of whom everything that is sealed has one word that nobody else has. */
async function aPerson(client: Client): Promise<Person> {
  counted += 1;
  const word = `canary${counted}x`;
  const { id, addresses } = await aCustomer(client, {
    name: word,
    addresses: [{ label: 'Home', line1: word }],
  });
  const method = await aPaymentMethod(client, id, { label: word });
  return { id, word, rows: { customers: id, addresses: addresses[0]?.id ?? '', payment_methods: method.id } };
}

function read(client: Client, { id }: Person) {
  return client.execute(
    `{ customer(id: "${id}") { id name addresses { id line1 } paymentMethods { nodes { id label } } } }`,
  );
}

const bySealedOf = (table: Table) =>
  `update ${table} t set sealed = s.sealed from ${table} s where t.id = $1 and s.id = $2`;

type Damage = (
  table: Table,
  victim: Person,
  others: { sibling: Person; stranger: Person },
) => Promise<unknown>;

const change = (text: string, ...ids: string[]) => queryAs(vault.databaseUrl, text, ids);
const damages: Readonly<Record<string, Damage>> = {
  'another customer’s blob': (table, victim, { sibling }) =>
    change(bySealedOf(table), victim.rows[table], sibling.rows[table]),
  'another merchant’s blob': (table, victim, { stranger }) =>
    change(bySealedOf(table), victim.rows[table], stranger.rows[table]),
  'a blob without the end of its tag': (table, victim) =>
    change(
      `update ${table} set sealed = substring(sealed from 1 for length(sealed) - 1) where id = $1`,
      victim.rows[table],
    ),
  'a blob that names an unknown key': (table, victim) =>
    change(
      `update ${table} set sealed = overlay(sealed placing '\\x00000063'::bytea from 2) where id = $1`,
      victim.rows[table],
    ),
  'an empty blob': (table, victim) =>
    change(`update ${table} set sealed = '' where id = $1`, victim.rows[table]),
};

const cases = Object.entries(damages).flatMap(([name, damage]) =>
  tables.map((table) => [table, name, damage] as const),
);

test.each(cases)(
  'serves the rest when %s has %s, and never another person’s data',
  async (table, _, damage) => {
    const [victim, sibling] = [await aPerson(vault.owner), await aPerson(vault.owner)];
    const stranger = await aPerson(vault.stranger);
    const untouched = (await read(vault.owner, sibling)).expectData();
    await damage(table, victim, { sibling, stranger });

    const answer = await read(vault.owner, victim);

    expect([answer.status, answer.expectErrors()]).toEqual([
      200,
      [{ code: 'INTERNAL_SERVER_ERROR', path: [...sealed[table]] }],
    ]);
    const text = JSON.stringify(answer.body);
    expect(text.split(victim.word)).toHaveLength(3);
    expect(text).not.toContain(sibling.word);
    expect(text).not.toContain(stranger.word);
    expect(vault.logged()).toContain(answer.body.extensions.requestId);
    expect(vault.logged()).not.toMatch(/canary/);
    expect((await read(vault.owner, sibling)).expectData()).toEqual(untouched);
  },
);

test('opens nothing of a row that was copied whole to another merchant', async () => {
  const person = await aPerson(vault.owner);
  await change(
    `insert into customers select (jsonb_populate_record(c, jsonb_build_object('merchant_id', m.merchant_id,
       'default_address_id', null, 'default_payment_method_id', null))).*
     from customers c, (select merchant_id from customers where id = $2) m where c.id = $1`,
    person.id,
    (await aPerson(vault.stranger)).id,
  );

  const answer = await vault.stranger.execute(`{ customer(id: "${person.id}") { id name } }`);

  expect(answer.body.data).toEqual({ customer: { id: person.id, name: null } });
  expect(answer.expectErrors()).toEqual([{ code: 'INTERNAL_SERVER_ERROR', path: ['customer', 'name'] }]);
});
