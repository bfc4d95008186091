// Two merchants on one server: A with many customers, who makes the noise, and B with some, who is measured.
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Cluster } from '../../faults/lib/cluster.mjs';
import { copyCustomers, fillVault, merchantOf, stateOf } from './fill.mjs';
import { largeAnswers } from './neighbour-kinds.mjs';

const run = promisify(execFile);
/** Customers of B, and how many of them are asked for. */
const SOME = 1_000;
const ASKED = 50;
const ADDRESSES = 50;
const lookUpOf = (fields) => `query ($id: ID!) { customer(id: $id) { id name ${fields} } }`;
const USUAL = lookUpOf('addresses { city }');
/** One that the server has not seen: PostgreSQL has no plan for it yet. */
const FRESH = lookUpOf('version addresses { city createdAt }');
const CREATE = `mutation ($input: CreateCustomerInput!) {
  createCustomer(input: $input) { customer { id } userErrors { code } } }`;
const OPEN = `mutation ($id: ID!) { createCustomerSession(
  input: { customerId: $id, permissions: [READ, EDIT_ADDRESSES], expiresInSeconds: 86400 }
) { session { token } userErrors { code } } }`;
const ADD = `mutation ($input: AddAddressInput!) { addAddress(input: $input) { userErrors { code } } }`;

/** As much as may be: 50 keys of 40 characters with 500 each. */
const METADATA = Object.fromEntries(
  Array.from({ length: 50 }, (_, at) => [`${at}`.padStart(40, 'k'), 'abcd '.repeat(100).slice(0, 499)]),
);

/** A server with its two merchants: `a` is what A needs for its noise, `b` the look-ups of B. */
class Neighbourhood {
  #environment;
  cluster;
  a;
  b;
  url;

  constructor(cluster, { environment, url, a, b }) {
    this.#environment = environment;
    Object.assign(this, { cluster, url, a, b });
  }

  /** Kills the server and starts it again, in the same environment or another. */
  async restart(environment = this.#environment) {
    this.#environment = environment;
    await this.cluster.server.end('SIGKILL');
    this.url = (await this.cluster.startServer(environment)).url;
  }
}

/**
 * Starts the server on a folder, with its merchants, and fills them the first time. What was filled is kept there, and
 * used again by the same tables and the same code.
 *
 * @param copies of each customer of A, to make it larger at once; nobody can open them
 * @param environment of the server; what is undefined is the default of the vault.
 */
export async function openNeighbourhood({ root, folder, size, copies = 0, environment }) {
  const wanted = await stateOf(root, size);
  const marker = join(folder, 'neighbours.json');
  const known = JSON.parse(await readFile(marker, 'utf8').catch(() => '{}'));
  const isFilled = known.state === wanted;
  if (!isFilled) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // PostgreSQL's own user has to get through.
  await chmod(folder, 0o711);
  const cluster = await Cluster.start(folder, environment);
  try {
    const merchants = isFilled ? known.merchants : await makeMerchants(root, cluster, size, copies);
    await writeFile(marker, JSON.stringify({ state: wanted, merchants }));
    const { url } = await cluster.server.ready();
    const a = await prepareA(url, merchants.a);
    const b = { key: merchants.b.key, ...(await lookUps(cluster, merchants.b)) };
    return new Neighbourhood(cluster, { environment, url, a, b });
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function makeMerchants(root, cluster, size, copies) {
  const merchants = {};
  for (const [name, count] of [
    ['b', SOME],
    ['a', size],
  ]) {
    const args = [join(root, 'dist', 'cli', 'main.js'), 'merchants', 'create', name, '--json'];
    const { stdout } = await run(process.execPath, args, { env: cluster.environment });
    const { merchant, key } = JSON.parse(stdout);
    merchants[name] = { id: merchant.id, key };
    const { DATABASE_URL: vaultUrl, VAULT_KEY_FILE: keyFile } = cluster.environment;
    await fillVault(vaultUrl, await merchantOf({ vaultUrl, keyFile }, merchant.id), count);
  }
  if (copies > 0) await copyCustomers(cluster.url, merchants.a, copies);
  return merchants;
}

/** Look-ups of some customers of B, each with what its answer must contain. */
async function lookUps(cluster, { id }) {
  const { rows } = await cluster.query(
    'select id from customers where merchant_id = $1 order by md5(id) limit $2',
    [id, ASKED],
  );
  const requestsOf = (query) =>
    rows.map(({ id: asked }) => ({
      body: JSON.stringify({ query, variables: { id: asked } }),
      expected: `{"data":{"customer":{"id":"${asked}","name":"`,
    }));
  return { requests: requestsOf(USUAL), fresh: requestsOf(FRESH) };
}

/** What A needs for its noise: a customer with much, a shopper's session, and the largest answer there is. */
async function prepareA(url, { key }) {
  const ask = askerOf(url);
  const addresses = Array.from({ length: ADDRESSES }, (_, at) => ({ label: `Place ${at}`, city: 'London' }));
  const create = async (input) => (await ask(key, CREATE, { input })).data.createCustomer.customer.id;
  const customer = await create({ name: 'Everything', metadata: METADATA, addresses });
  const shopper = await create({ name: 'Shopper', metadata: METADATA });
  const { session } = (await ask(key, OPEN, { id: shopper })).data.createCustomerSession;
  for (const address of addresses) await ask(session.token, ADD, { input: { customerId: shopper, address } });
  const sizes = [];
  for (const query of largeAnswers(customer)) {
    const { data, errors, bytes } = await ask(key, query);
    sizes.push({ query, bytes: data && !errors ? bytes : 0 });
  }
  const [largest] = sizes.sort((one, other) => other.bytes - one.bytes);
  return { key, customer, session: session.token, large: largest.query, largeBytes: largest.bytes };
}

function askerOf(url) {
  return async (key, query, variables = {}) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    return { ...JSON.parse(text), bytes: text.length };
  };
}
