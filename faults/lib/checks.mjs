// Looks behind the API after the faults: is everything there that was acknowledged, and nothing half or twice?
import { queryAs } from './cluster.mjs';

/** Every promise that is broken, as a sentence; none when all is well. */
export async function brokenPromises(url, ledger) {
  const customers = await customersIn(url);
  const known = [...ledger.customers.values()];
  const broken = known.flatMap((customer) => compare(customer, customers.get(customer.id)));
  for (const id of customers.keys()) {
    if (!ledger.customers.has(id)) broken.push(`customer ${id} is there and was never acknowledged`);
  }
  if (ledger.refusals.length > 0) broken.push(`refused: ${[...new Set(ledger.refusals)].join(', ')}`);
  return [...broken, ...(await brokenIndexes(url))];
}

async function customersIn(url) {
  const { rows } = await queryAs(
    url,
    `select c.id, c.version, c.default_address_id, c.default_payment_method_id as default_method,
       exists (select from customer_search s where s.merchant_id = c.merchant_id and s.customer_id = c.id) as searchable,
       array(select a.id from addresses a where a.merchant_id = c.merchant_id and a.customer_id = c.id) as addresses,
       array(select p.id from payment_methods p where p.merchant_id = c.merchant_id and p.customer_id = c.id) as methods
     from customers c`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function compare(expected, found) {
  const name = `customer ${expected.id}`;
  if (!found) return [`${name} was acknowledged and is gone`];
  const broken = [];
  if (!found.searchable || found.addresses.length < 2) broken.push(`${name} is half made`);
  if (found.version !== 1 + expected.changes)
    broken.push(`${name} has version ${found.version} after ${expected.changes} changes`);
  if (!sameSet(expected.addresses, found.addresses)) broken.push(`${name} has other addresses`);
  if (!sameSet(expected.methods, found.methods)) broken.push(`${name} has other payment methods`);
  if ((expected.default ?? null) !== found.default_method) broken.push(`${name} has another default`);
  if (!found.addresses.includes(found.default_address_id))
    broken.push(`${name} has a foreign default address`);
  return broken;
}

function sameSet(one, other) {
  return one.length === other.length && new Set([...one, ...other]).size === one.length;
}

/** PostgreSQL's own check of indexes and tables: every row in every index, and nothing else. */
async function brokenIndexes(url) {
  await queryAs(url, 'create extension if not exists amcheck');
  const { rows } = await queryAs(
    url,
    `select c.relname, a.amname, c.oid from pg_class c join pg_am a on a.oid = c.relam
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('i', 'r')`,
  );
  const checks = {
    btree: 'select bt_index_check($1::oid::regclass, true)',
    gin: 'select gin_index_check($1::oid::regclass)',
    heap: 'select * from verify_heapam($1::oid::regclass)',
  };
  const broken = [];
  for (const { relname, amname, oid } of rows) {
    const found = await queryAs(url, checks[amname], [oid]).catch((error) => error);
    // Before PostgreSQL 18 amcheck does not know GIN.
    if (found instanceof Error && found.code === '42883') continue;
    if (found instanceof Error) broken.push(`${relname} is damaged: ${found.message}`);
    else if (amname === 'heap' && found.rowCount > 0) broken.push(`${relname} is damaged`);
  }
  return broken;
}
