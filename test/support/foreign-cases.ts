import { randomUUID } from 'node:crypto';
import type { Client } from './client.js';
import { aCard, aCustomer, aPaymentMethod, aProviderToken } from './factories.js';
import { aKey, type MadePartner } from './keys.js';
import type { TestVault } from './vault.js';

/** What a merchant has, by what names it. */
export interface Things {
  readonly customer: string;
  readonly doomed: string;
  readonly address: string;
  readonly removable: string;
  readonly method: string;
  readonly unlinkable: string;
  readonly token: string;
  readonly methodToken: string;
  readonly providerToken: string;
  readonly reference: string;
  readonly word: string;
  readonly email: string;
  readonly phone: string;
  readonly lastFour: string;
  readonly key: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly hasDefault: boolean;
  readonly cursors: {
    readonly customers: string;
    readonly methods: string;
    readonly keys: string;
    readonly merchants: string;
  };
}

const unknownId = '0'.repeat(24);
const unknownToken = '00000000-0000-4000-8000-000000000000';
const unknownCursor = 'A'.repeat(64);

/** The same of nobody. */
export const never: Things = {
  customer: unknownId,
  doomed: unknownId,
  address: unknownId,
  removable: unknownId,
  method: unknownId,
  unlinkable: unknownId,
  token: unknownToken,
  methodToken: unknownToken,
  providerToken: 'never-made',
  reference: 'NEVER-GIVEN',
  word: 'nobodyatall',
  email: 'nobody@never.example',
  phone: '+1 000 000 0000',
  lastFour: '0000',
  key: unknownId,
  createdAt: '2001-01-01T00:00:00.000Z',
  updatedAt: '2001-01-01T00:00:00.000Z',
  hasDefault: true,
  cursors: {
    customers: unknownCursor,
    methods: unknownCursor,
    keys: unknownCursor,
    merchants: unknownCursor,
  },
};

let made = 0;

/** Fills a merchant, and a partner beside it. */
export async function thingsOf(vault: TestVault, client: Client, partner: MadePartner): Promise<Things> {
  made += 1;
  const [word, lastFour] = [`person${'xyzuvw'[made]}`, `777${made}`];
  const profile = {
    name: word,
    email: `${word}@example.com`,
    phone: `+49 151 9990${made}`,
    reference: randomUUID(),
  };
  const { id, token, addresses } = await aCustomer(client, {
    ...profile,
    metadata: { [word]: word },
    addresses: [{ label: 'Home' }, { label: 'Work' }],
  });
  const method = await aPaymentMethod(client, id, { tokenize: aCard({ lastFour }) });
  const unlinkable = await aPaymentMethod(client, id, { tokenize: aCard({ lastFour: '1234' }) });
  await aKey(vault, { partnerId: partner.id });
  const lists = `{ customers { pageInfo { endCursor } } apiKeys { nodes { id } pageInfo { endCursor } }
    customer(id: "${id}") { createdAt updatedAt paymentMethods { pageInfo { endCursor } } } }`;
  const { customers, apiKeys, customer } = (await client.execute(lists)).expectData();
  const { merchants } = (
    await partner.actingFor().execute('{ merchants { pageInfo { endCursor } } }')
  ).expectData();
  return {
    ...profile,
    customer: id,
    doomed: (await aCustomer(client)).id,
    address: addresses[0]?.id ?? '',
    removable: addresses[1]?.id ?? '',
    method: method.id,
    unlinkable: unlinkable.id,
    token,
    methodToken: method.token,
    providerToken: await aProviderToken(client),
    word,
    lastFour,
    key: apiKeys.nodes[0].id,
    createdAt: customer.createdAt,
    updatedAt: customer.updatedAt,
    hasDefault: true,
    cursors: {
      customers: customers.pageInfo.endCursor,
      methods: customer.paymentMethods.pageInfo.endCursor,
      keys: apiKeys.pageInfo.endCursor,
      merchants: merchants.pageInfo.endCursor,
    },
  };
}

/** One argument that names something, with a call that asks for it. */
export interface Case {
  readonly path: string;
  readonly document: string;
  value(things: Things): unknown;
  /** Whether the caller's own gives another answer than what never existed. */
  readonly finds: 'its own' | 'no difference';
}

function ofQuery(
  field: string,
  arg: string,
  type: string,
  value: Case['value'],
  rest = '',
  below = 'id',
): Case {
  const document = `query ($value: ${type}) { ${field}(${arg}: $value${rest}) { ${below} } }`;
  return { path: `Query.${field}(${arg})`, document, value, finds: 'its own' };
}

function ofFilter(name: string, value: Case['value'], finds: Case['finds'] = 'its own'): Case {
  const document =
    'query ($value: CustomerFilter) { customers(filter: $value) { totalCount nodes { id } edges { cursor } } }';
  return {
    path: `Query.customers(filter.${name})`,
    document,
    value: (things) => ({ [name]: value(things) }),
    finds,
  };
}

function ofChange(
  field: string,
  name: string,
  value: Case['value'],
  rest: object = {},
  finds: Case['finds'] = 'its own',
): Case {
  const input = `${field[0]?.toUpperCase()}${field.slice(1)}Input`;
  const document = `mutation ($value: ${input}!) { ${field}(input: $value) { userErrors { code field message } } }`;
  const path = `Mutation.${field}(input.${name})`;
  return { path, document, value: (things) => ({ ...rest, [name]: value(things) }), finds };
}

const page = 'nodes { id } pageInfo { hasNextPage hasPreviousPage }';
const range = (instant: string) => ({ from: instant, to: instant });

function ofMethods(arg: string, type: string, value: Case['value'], path = arg): Case {
  const last = arg === 'before' ? ', last: 5' : '';
  return {
    path: `Customer.paymentMethods(${path})`,
    document: `query ($value: ${type}) { customers { nodes { paymentMethods(${arg}: $value${last}) { ${page} } } } }`,
    value,
    finds: 'its own',
  };
}

const ofMethodFilter = (name: string, value: unknown): Case => ({
  ...ofMethods('filter', 'PaymentMethodFilter', () => ({ [name]: value }), `filter.${name}`),
  finds: 'no difference',
});

export const cases: readonly Case[] = [
  ofQuery('node', 'id', 'ID!', ({ customer }) => customer),
  ofQuery('nodes', 'ids', '[ID!]!', ({ customer, address, method, key }) => [customer, address, method, key]),
  ofQuery('customer', 'id', 'ID!', ({ customer }) => customer),
  ofQuery('customerByToken', 'token', 'ID!', ({ token }) => token),
  ofQuery('customerByReference', 'reference', 'String!', ({ reference }) => reference),
  ofQuery('paymentMethod', 'id', 'ID!', ({ method }) => method),
  ofQuery('paymentMethodByToken', 'token', 'ID!', ({ methodToken }) => methodToken),
  ofQuery('resolvePaymentToken', 'token', 'ID!', ({ token }) => token, '', 'usable providerToken'),
  ofQuery('customers', 'after', 'String', ({ cursors }) => cursors.customers, '', page),
  ofQuery('customers', 'before', 'String', ({ cursors }) => cursors.customers, ', last: 5', page),
  ofQuery('apiKeys', 'after', 'String', ({ cursors }) => cursors.keys, '', page),
  ofQuery('apiKeys', 'before', 'String', ({ cursors }) => cursors.keys, ', last: 5', page),
  ofQuery('merchants', 'after', 'String', ({ cursors }) => cursors.merchants, '', page),
  ofQuery('merchants', 'before', 'String', ({ cursors }) => cursors.merchants, ', last: 5', page),
  ofFilter('search', ({ word }) => word),
  ofFilter('email', ({ email }) => email),
  ofFilter('phone', ({ phone }) => phone),
  ofFilter('reference', ({ reference }) => reference),
  ofFilter('metadata', ({ word }) => [{ key: word, value: word }]),
  ofFilter('createdAt', ({ createdAt }) => range(createdAt)),
  ofFilter('updatedAt', ({ updatedAt }) => range(updatedAt)),
  ofFilter('hasDefaultPaymentMethod', ({ hasDefault }) => hasDefault, 'no difference'),
  ofFilter('paymentMethod', ({ lastFour }) => ({ lastFour })),
  ofMethods('after', 'String', ({ cursors }) => cursors.methods),
  ofMethods('before', 'String', ({ cursors }) => cursors.methods),
  ofMethodFilter('type', 'CARD'),
  ofMethodFilter('brand', 'VISA'),
  { ...ofMethods('filter', 'PaymentMethodFilter', ({ lastFour }) => ({ lastFour }), 'filter.lastFour') },
  ofMethodFilter('expiresBefore', '2040-01'),
  ofMethodFilter('usable', true),
  ofChange('createCustomer', 'reference', ({ reference }) => reference, { name: 'New' }),
  ofChange('upsertCustomer', 'reference', ({ reference }) => reference, { name: 'New' }, 'no difference'),
  ofChange('updateCustomer', 'id', ({ customer }) => customer, { name: 'Changed' }),
  {
    ...ofChange('updateCustomer', 'reference', ({ reference }) => reference),
    value: ({ reference }) => ({ id: 'x', reference }),
    finds: 'no difference',
  },
  ofChange('deleteCustomer', 'id', ({ doomed }) => doomed),
  ofChange('addAddress', 'customerId', ({ customer }) => customer, { address: { label: 'New' } }),
  ofChange('updateAddress', 'id', ({ address }) => address, { label: 'Changed' }),
  ofChange('setDefaultAddress', 'id', ({ address }) => address),
  ofChange('removeAddress', 'id', ({ removable }) => removable),
  ofChange('linkPaymentMethod', 'customerId', ({ customer }) => customer, { token: 'never-made' }),
  {
    ...ofChange('linkPaymentMethod', 'token', ({ providerToken }) => providerToken),
    value: ({ providerToken }) => ({ customerId: unknownId, token: providerToken }),
  },
  ofChange('updatePaymentMethod', 'id', ({ method }) => method, { label: 'Changed' }),
  ofChange('setDefaultPaymentMethod', 'id', ({ method }) => method),
  ofChange('unlinkPaymentMethod', 'id', ({ unlinkable }) => unlinkable),
  ofChange('rotateApiKey', 'id', ({ key }) => key, { overlapSeconds: 60 }),
  ofChange('createCustomerSession', 'customerId', ({ customer }) => customer),
  // The last, since it ends the caller's own key.
  ofChange('revokeApiKey', 'id', ({ key }) => key),
];
