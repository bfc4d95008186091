// What one merchant, A, does while another is measured: each with one key of its own, unless it is said that it has none.
import { randomUUID } from 'node:crypto';
import { getOf, postOf } from './connection.mjs';

/** So many at a time, and no more a second, of what is dear: more would measure the sender on two cores. */
const DEAR = { kind: 'steady', connections: 10, perSecond: 20 };
const CHEAP = { kind: 'steady', connections: 10, perSecond: 200 };
/** Of what is refused at ten aliases fewer are sent in turn: as many as are allowed should be felt, too. */
const FEWER = [10, 4, 1];
/** Between the beginnings of two bursts. */
const PAUSE_MS = 5_000;

const aliases = (count, field) => Array.from({ length: count }, (_, at) => `a${at}: ${field(at)}`).join(' ');
const address = 'id label line1 line2 city state postalCode country isDefault createdAt updatedAt';
const method = `id token type label isDefault fingerprint usable createdAt linkedAt updatedAt
  billingDetails { name email phone address { line1 line2 city state postalCode country } }
  card { brand lastFour expiry { month year } } ach { bankAccountType lastFour verified }`;
const profile = 'id token reference name email phone metadata version createdAt updatedAt';
const withAddresses = `${profile} addresses { ${address} }`;
const everything = `${withAddresses} paymentMethods(first: 4) { nodes { ${method} } }`;
/** As many lists as a document may have, of as much of each customer as the server may allow: some are refused. */
const lists = [
  [8, 100, withAddresses],
  [4, 100, everything],
  [1, 90, everything],
  [8, 100, profile],
];
const count = 'customers(first: 1) { totalCount }';
/** Most customers have all of them. */
const words = ['1', 'c', '555', '000', '0000', '000000', 'exa', 'exam', 'examp', 'example'];
const turned = (at) => [...words.slice(at), ...words.slice(0, at)].join(' ');
const search = (at, found) => `customers(first: 1, filter: { search: "${turned(at)}" }) { ${found} }`;
const nodes = 'nodes { id name }';
/** A customer's addresses, and the way back to the customer, so many times. */
const backAndForth = (times, last) =>
  'addresses { id customer { '.repeat(times) + last + ' } }'.repeat(times);
const metadata = (number) => aliases(number, () => 'metadata');
/** From what was too much for the server, to what should not be. */
const metadataOf = (customer) =>
  [
    [2, 15],
    [1, 15],
    [1, 2],
    [0, 15],
  ].map(([times, number]) => `{ customer(id: "${customer}") { ${backAndForth(times, metadata(number))} } }`);
const rename = `mutation ($i: UpdateCustomerInput!) {
  updateCustomer(input: $i) { customer { id version } userErrors { code } } }`;
const unknown = `{ customer(id: "0") { ${Array.from({ length: 300 }, (_, at) => `x${at}`).join(' ')} } }`;

const post = (key, query, { variables, ...headers } = {}) =>
  postOf(
    JSON.stringify({ query, variables }),
    key === null ? headers : { authorization: `Bearer ${key}`, ...headers },
  );
const updates = (a, number, keyed) =>
  Array.from({ length: number }, (_, at) => {
    const variables = { i: { id: a.customer, name: `Name ${at}` } };
    return post(a.key, rename, { variables, ...(keyed && { 'idempotency-key': randomUUID() }) });
  });

/** The fields that a payment method may be asked for, two ways each: 512 selections, each a statement of its own. */
const parts =
  'token type label isDefault fingerprint createdAt linkedAt updatedAt billingDetails{name}'.split(' ');
function selections(a) {
  return Array.from({ length: 2 ** parts.length }, (_, number) => {
    const chosen = parts.filter((_part, bit) => (number >> bit) & 1).join(' ');
    return post(
      a.key,
      `{ customer(id: "${a.customer}") { id paymentMethods(first: 2) { nodes { id ${chosen} } } } }`,
    );
  });
}

/**
 * By its id: what A does in words, the noise, and the requests that it is made of. `afterwards`: B is measured once more
 * when it is over, by its usual `requests` or by `fresh` ones, which the server has not seen before. The last two leave
 * a server in pieces that keeps no count of places and names.
 */
export const neighbourKinds = [
  {
    id: 'counts',
    title: '10 connections: `{ customers(first: 1) { totalCount } }`',
    noise: CHEAP,
    requests: (a) => [post(a.key, `{ ${count} }`)],
  },
  {
    id: 'count-aliases',
    title: '10 connections: ten aliases of it, and fewer',
    noise: CHEAP,
    requests: (a) => FEWER.map((number) => post(a.key, `{ ${aliases(number, () => count)} }`)),
  },
  {
    id: 'search-counts',
    title: '10 connections: a search with `totalCount`',
    noise: CHEAP,
    requests: (a) => [
      post(a.key, `{ customers(first: 20, filter: { search: "exam" }) { totalCount ${nodes} } }`),
    ],
  },
  {
    id: 'many-words',
    title: '10 connections: ten searches of ten words, and fewer',
    noise: CHEAP,
    requests: (a) =>
      FEWER.map((number) =>
        post(a.key, `{ ${aliases(number, (at) => search(at, 'pageInfo { hasNextPage }'))} }`),
      ),
  },
  {
    id: 'search-burst',
    title: '1,000 searches at once',
    noise: { kind: 'burst', connections: 1_000, pauseMs: PAUSE_MS },
    requests: (a) => words.map((_, at) => post(a.key, `{ ${search(at, nodes)} }`)),
  },
  {
    id: 'shopper',
    title: "a shopper's session: 50 addresses and the way back, as deep as allowed",
    noise: DEAR,
    requests: (a) => [4, 3, 2, 1].map((times) => post(a.session, `{ me { ${backAndForth(times, 'id')} } }`)),
  },
  {
    id: 'lists',
    title: '8 aliases of `customers(first: 100)` with everything, and fewer',
    noise: DEAR,
    requests: (a) =>
      lists.map(([number, first, of]) =>
        post(a.key, `{ ${aliases(number, () => `customers(first: ${first}) { nodes { ${of} } }`)} }`),
      ),
  },
  {
    id: 'metadata',
    title: 'metadata in 15 aliases, and fewer, below 50 addresses that lead back',
    noise: DEAR,
    requests: (a) => metadataOf(a.customer).map((query) => post(a.key, query)),
  },
  {
    id: 'unread',
    title: '25 large answers that nobody reads',
    noise: { kind: 'unread', connections: 25 },
    requests: (a) => [post(a.key, a.large)],
  },
  {
    id: 'unkeyed',
    title: 'no key: 300 unknown fields, 300 a second',
    noise: { kind: 'steady', connections: 30, perSecond: 300 },
    requests: () => [post(null, unknown)],
  },
  {
    id: 'metrics',
    title: 'no key: `/metrics` in a loop',
    noise: { kind: 'steady', connections: 2, perSecond: 300 },
    requests: () => [getOf('/metrics')],
  },
  {
    id: 'updates',
    title: '200 updates of one customer at once',
    noise: { kind: 'burst', connections: 200, pauseMs: PAUSE_MS },
    requests: (a) => updates(a, 200, false),
  },
  {
    id: 'keyed-updates',
    title: '200 keyed updates of one customer at once',
    noise: { kind: 'burst', connections: 200, pauseMs: PAUSE_MS },
    // A key each, and in the next bursts new ones: what is replayed is no update.
    requests: (a) => updates(a, 2_000, true),
  },
  {
    id: 'hang-ups',
    title: 'no key: hangs up 1,100 times and more in the middle of a body',
    noise: { kind: 'hang-up', connections: 100, perSecond: 400, least: 1_100 },
    requests: () => [post(null, unknown)],
    afterwards: 'requests',
  },
  {
    id: 'selections',
    title: '500 different selections',
    noise: { kind: 'steady', connections: 10, perSecond: 300, least: 2 ** parts.length },
    requests: selections,
    afterwards: 'fresh',
  },
];

/** What may be the largest answer there is. */
export const largeAnswers = (customer) => [
  ...metadataOf(customer).slice(1),
  `{ customers(first: 90) { nodes { ${everything} } } }`,
];
