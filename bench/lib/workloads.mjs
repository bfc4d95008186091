import { createHash, randomUUID } from 'node:crypto';
import { withClient } from './cluster.mjs';
import { documents, graphileDocuments } from './documents.mjs';
import { personAt, randomOf } from './people.mjs';

export const workloads = {
  W1: 'a customer by id with its addresses and payment methods',
  'W1-hash': 'the same, its document named by its hash instead of sent (a persisted query)',
  W2: 'a page of 50 customers with both',
  W3: '`createCustomer` with 2 addresses',
  'W3-key': 'the same with an `Idempotency-Key`, a fresh one each call',
  W4: '`resolvePaymentToken`',
  W5: 'search by prefix with the total',
  W6: '`linkPaymentMethod`',
  'W6-key': 'the same with an `Idempotency-Key`, a fresh one each call',
  W7: 'a mix: 70 % W1, 10 % W2, 10 % W4, 5 % W3, 5 % W6',
};

/** The workload that is sent in another way; its own name for any other. */
export const baseOf = (workload) => workload.split('-')[0];

const MIX = { W1: 70, W2: 10, W4: 10, W3: 5, W6: 5 };
const SAMPLE = 5_000;
const PAGE_STARTS = 100;
const SEED = 7;

/** Customers of the data to ask for, the same for every server. */
export async function takeSample(cluster, size) {
  return withClient(cluster.plainUrl, async (client) => {
    const random = randomOf(SEED);
    const references = Array.from({ length: SAMPLE }, () => referenceOf(Math.floor(random() * size)));
    const { rows } = await client.query(
      `select c.id, c.token, c.name, c.reference, c.created_at || '|' || c.id as position,
         (select p.token from payment_methods p where p.customer_id = c.id and not p.is_default) as method_token
       from unnest($1::text[]) with ordinality as wanted (reference, place)
         join customers c using (reference) order by place`,
      [references],
    );
    return rows;
  });
}

const referenceOf = (number) => `C-${String(number).padStart(8, '0')}`;

/** Makes the variables of the n-th request of each workload. */
export function variablesOf({ sample, cursors, tokens, random = randomOf(SEED) }) {
  const pick = (items) => items[Math.floor(random() * items.length)];
  let created = 0;
  return {
    W1: () => ({ id: pick(sample).id }),
    W2: () => ({ after: pick(cursors) }),
    W3: () => ({ input: newCustomer(random, created++) }),
    W4: () => {
      const { token, method_token } = pick(sample);
      return { token: random() < 0.5 ? token : method_token };
    },
    W5: () => ({ search: prefixesOf(pick(sample).name) }),
    W6: () => ({ input: { customerId: pick(sample).id, token: tokens.next() } }),
  };
}

/** What somebody types to find a person: the beginnings of both names. */
function prefixesOf(name) {
  const [first, last] = name
    .toLowerCase()
    .replace(/[^a-z ]/g, '')
    .split(' ');
  return `${first.slice(0, 3)} ${last.slice(0, 4)}`;
}

function newCustomer(random, count) {
  const { input } = personAt(Math.floor(random() * 2 ** 30), 0);
  return { ...input, reference: `N-${process.pid}-${Date.now().toString(36)}-${count}` };
}

const all = ['W1', 'W2', 'W3', 'W4', 'W5', 'W6', 'W7'];

/** Which workloads a server knows, and how it is asked. */
export const dialects = {
  ours: { ...graphql(documents), request: vaultRequest, knows: Object.keys(workloads) },
  bare: { ...byPath(), knows: all },
  'bare-sealed': { ...byPath(), knows: all },
  postgraphile: { ...graphql(graphileDocuments, graphileVariables), knows: ['W1', 'W2', 'W3', 'W5'] },
  mercurius: { ...handWritten(), knows: all },
  'mercurius-uncompiled': { ...handWritten(), knows: all },
  yoga: { ...handWritten(), knows: all },
  'apollo-prisma': { ...handWritten(), knows: ['W1', 'W2', 'W3'] },
};

function graphql(texts, adapt = (_workload, variables) => variables) {
  const request = (workload, variables) => ({
    path: '/graphql',
    body: JSON.stringify({ query: texts[workload], variables: adapt(workload, variables) }),
  });
  return {
    request,
    async cursorOf(server, { id, reference }) {
      const { customers } = await ask(server, request('cursor', { id, reference }));
      return customers.edges[0].cursor;
    },
  };
}

/** A workload as clients send it to the vault: some name the document by its hash, some give a key to their call. */
function vaultRequest(workload, variables) {
  const request = graphql(documents).request(baseOf(workload), variables);
  if (workload.endsWith('-key')) return { ...request, headers: { 'idempotency-key': randomUUID() } };
  if (!workload.endsWith('-hash')) return request;
  return { ...request, body: JSON.stringify({ extensions: hashOf(documents.W1), variables }) };
}

function hashOf(document) {
  const sha256Hash = createHash('sha256').update(document).digest('hex');
  return { persistedQuery: { version: 1, sha256Hash } };
}

/** Sends the document of W1 with its hash, which the vault remembers. */
export async function rememberDocument(server, { id }) {
  const body = { query: documents.W1, extensions: hashOf(documents.W1), variables: { id } };
  await ask(server, { path: '/graphql', body: JSON.stringify(body) });
}

function byPath() {
  return {
    request: (workload, variables) => ({ path: `/${workload}`, body: JSON.stringify(variables) }),
    cursorOf: async (_server, { position }) => position,
  };
}

function handWritten() {
  return { ...graphql(documents), cursorOf: async (_server, { position }) => position };
}

function graphileVariables(workload, variables) {
  if (workload === 'cursor') return { id: variables.id };
  if (workload !== 'W3') return variables;
  const { addresses, ...customer } = variables.input;
  return { input: { customer: { ...customer, addresses } } };
}

/** Sends one request and resolves to its data. */
export async function ask({ url, headers }, { path, body, headers: own }) {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers, ...own },
    body,
  });
  const text = await response.text();
  const { data, errors } = JSON.parse(text);
  if (!data || errors) throw new Error(`${url}${path} answered ${text.slice(0, 1_000)}`);
  return data;
}

/** The cursors at which pages start, in the server's own form. */
export async function takeCursors(server, sample) {
  const { cursorOf } = dialects[server.name];
  return Promise.all(sample.slice(0, PAGE_STARTS).map((customer) => cursorOf(server, customer)));
}

/** So many requests of a workload for a server, each different as far as the data goes. */
export function requestsOf(server, workload, count, variables) {
  const { request } = dialects[server.name];
  const one = (name) => request(name, variables[baseOf(name)]());
  if (workload !== 'W7') return Array.from({ length: count }, () => one(workload));
  const deck = Object.entries(MIX).flatMap(([name, share]) => Array(share).fill(name));
  const random = randomOf(SEED);
  return Array.from({ length: count }, () => one(deck[Math.floor(random() * deck.length)]));
}
