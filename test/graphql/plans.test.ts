import { Client } from '../support/client.js';
import { Clock } from '../support/clock.js';
import { aCard, aCustomer, aPaymentMethod } from '../support/factories.js';
import { aKey } from '../support/keys.js';
import { startVault } from '../support/vault.js';

const clock = new Clock('2030-01-15T00:00:00Z');
const vault = await startVault({ now: clock.now });
const { owner, stranger } = vault;

afterAll(() => vault.close());

/** Often enough for the plan of a document to be remembered if it ever is. */
const often = Array.from({ length: 5 });

test('a document that came often goes by the time of each request', async () => {
  const { id } = await aCustomer(owner);
  const method = await aPaymentMethod(owner, id, { tokenize: aCard({ expiry: { month: 1, year: 2030 } }) });
  const query = `query ($id: ID!) {
    customer(id: $id) { paymentMethods(filter: { usable: true }) { nodes { id } } }
  }`;
  const usable = async () => (await owner.execute(query, { id })).expectData().customer.paymentMethods.nodes;
  const before = [];
  for (const _ of often) before.push(await usable());

  clock.moveTo('2030-02-01T12:00:00Z');

  expect([...before, await usable()]).toEqual([...often.map(() => [{ id: method.id }]), []]);
});

test('a document that came often from one merchant goes by the keys of another', async () => {
  const [own, foreign] = await Promise.all([aCustomer(owner), aCustomer(stranger)]);
  for (const [client, { id }] of [
    [owner, own],
    [stranger, foreign],
  ] as const)
    await aPaymentMethod(client, id);
  const list = 'query ($id: ID!) { customer(id: $id) { paymentMethods { pageInfo { endCursor } } } }';
  const { customer } = (await owner.execute(list, { id: own.id })).expectData();
  const next = `query ($id: ID!) { customer(id: $id) {
    paymentMethods(after: ${JSON.stringify(customer.paymentMethods.pageInfo.endCursor)}) { nodes { id } }
  } }`;
  for (const _ of often) (await owner.execute(next, { id: own.id })).expectData();

  const answer = await stranger.execute(next, { id: foreign.id });

  expect(answer.body).toMatchObject({
    data: { customer: { paymentMethods: null } },
    errors: [{ path: ['customer', 'paymentMethods'], extensions: { code: 'BAD_USER_INPUT' } }],
  });
});

test('a document that came often in one order is answered in another', async () => {
  const list = `query ($order: CustomerOrder) { customers(orderBy: $order) { edges { cursor } } }`;
  const by = (field: string) => owner.execute(list, { order: { field, direction: 'ASC' } });
  for (const _ of often) (await by('CREATED_AT')).expectData();

  const { customers } = (await by('UPDATED_AT')).expectData();

  expect(customers.edges.length).toBeGreaterThan(0);
});

test('answers one document in two orders at once, each time whole', async () => {
  const merchant = new Client(vault.url, (await aKey(vault)).headers);
  for (const name of ['Ada', 'Grace'])
    await aCustomer(merchant, { name, addresses: [{ label: 'Home' }, { label: 'Work' }] });
  const list = `query OfBoth($order: CustomerOrder) {
    customers(orderBy: $order) { nodes { name addresses { label } } } }`;
  const by = (at: number) =>
    merchant.executeOnce(list, { order: { field: at % 2 ? 'CREATED_AT' : 'UPDATED_AT', direction: 'ASC' } });

  const addresses = [{ label: 'Home' }, { label: 'Work' }];
  const nodes = ['Ada', 'Grace'].map((name) => ({ name, addresses }));
  for (const _ of Array.from({ length: 20 })) {
    const answers = await Promise.all(Array.from({ length: 20 }, (_each, at) => by(at)));
    expect(answers.map((answer) => answer.expectData())).toEqual(
      answers.map(() => ({ customers: { nodes } })),
    );
  }
});

test('answers an update that changes nothing beside those that do, each time whole', async () => {
  const { id } = await aCustomer(owner, { addresses: [{ label: 'Home' }, { label: 'Work' }] });
  const call = `mutation ($id: ID!, $phone: String) { updateCustomer(input: { id: $id, phone: $phone }) {
    customer { addresses { label } } userErrors { code } } }`;

  for (const round of Array.from({ length: 20 }).keys()) {
    const phones = [null, null, `555000${round}`, null];
    const answers = await Promise.all(phones.map((phone) => owner.execute(call, { id, phone })));
    const customer = { addresses: [{ label: 'Home' }, { label: 'Work' }] };
    expect(answers.map((answer) => answer.expectData().updateCustomer)).toEqual(
      answers.map(() => ({ customer, userErrors: [] })),
    );
  }
});
