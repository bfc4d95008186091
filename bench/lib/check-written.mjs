import { isDeepStrictEqual } from 'node:util';
import { firstDifference } from './check.mjs';
import { withClient } from './cluster.mjs';
import { personAt } from './people.mjs';
import { reset } from './reset.mjs';
import { storeTokens } from './tokens.mjs';
import { ask, dialects } from './workloads.mjs';

/**
 * Makes sure that the bare server which seals stores what the vault stores, to the letter of what is sealed and to the
 * hash: the filled data comes from the same code.
 */
export async function checkWritten(servers, cluster, merchant) {
  const sealing = servers.filter(({ database }) => database === 'vault');
  if (sealing.length < 2) return;
  const written = [];
  for (const server of sealing) {
    const [token] = await storeTokens(cluster, merchant, 1);
    const id = await write(server, token);
    written.push(await withClient(cluster.vaultUrl, (client) => read(client, merchant, id, token)));
    await reset(cluster);
  }
  const [ours, other] = written;
  if (isDeepStrictEqual(ours, other)) return;
  throw new Error(`${sealing[1].name} stores something else than the vault: ${firstDifference(other, ours)}`);
}

/** Creates a customer and links a payment method to it; resolves to its id. */
async function write(server, token) {
  const { request } = dialects[server.name];
  const input = { ...personAt(0, 0).input, reference: 'N-1' };
  const { customer } = (await ask(server, request('W3', { input }))).createCustomer;
  await ask(server, request('W6', { input: { customerId: customer.id, token } }));
  return customer.id;
}

/** All that is stored of a customer, opened, without what differs each time. */
async function read(client, merchant, id, token) {
  const rowsOf = async (table, column, value = id) =>
    (await client.query(`select * from ${table} where ${column} = $1`, [value])).rows;
  const opened = async (table, column) =>
    (await rowsOf(table, column)).map((row) => openRow(merchant, table, row, id)).sort(byText);
  const [search] = await rowsOf('customer_search', 'customer_id');
  const tokens = await rowsOf('linked_tokens', 'token_hash', merchant.hash('provider-token', token));
  return {
    customer: await opened('customers', 'id'),
    terms: search.terms,
    moreTerms: search.more_terms,
    addresses: await opened('addresses', 'customer_id'),
    paymentMethods: await opened('payment_methods', 'customer_id'),
    tokens: tokens.length,
  };
}

/** A row with what it holds sealed; instead of its defaults, whether it has them. */
function openRow(merchant, table, { sealed, ...row }, customerId) {
  const { providerToken: _, ...value } = merchant.open(table, row.id, customerId, sealed.toString('hex'));
  const columns = Object.entries(row)
    .filter(([column]) => !/^(id|token|customer_id)$|_at$/.test(column))
    .map(([column, stored]) => [column, column.startsWith('default_') ? stored !== null : stored]);
  return { value, ...Object.fromEntries(columns) };
}

function byText(one, other) {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}
