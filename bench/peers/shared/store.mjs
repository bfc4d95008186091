import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { newId } from '../../lib/ids.mjs';
import { accountOf, cardOf, whyUnusable } from './methods.mjs';

/** The statements of the hand-written servers, each prepared once a connection; their rows have the schema's names. */

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

async function query(name, text, values, client = pool) {
  const { rows } = await client.query({ name, text, values });
  return rows;
}

const customerColumns = `c.id, c.token, c.version, c.reference, c.name, c.email, c.phone,
  c.created_at as "createdAt", c.updated_at as "updatedAt"`;
const addressColumns = `a.id, a.customer_id as "customerId", a.label, a.line1, a.line2, a.city, a.state,
  a.postal_code as "postalCode", a.country, a.is_default as "isDefault"`;
const methodColumns = `p.id, p.customer_id as "customerId", p.token, p.provider_token as "providerToken", p.type,
  p.label, p.brand, p.last_four as "lastFour", p.expiry_month as month, p.expiry_year as year,
  p.bank_account_type as "bankAccountType", p.verified, p.is_default as "isDefault", p.linked_at as "linkedAt"`;

export async function findCustomers(ids) {
  return query('customers', `select ${customerColumns} from customers c where c.id = any($1)`, [ids]);
}

export async function findCustomer(id) {
  const [row] = await query('customer', `select ${customerColumns} from customers c where c.id = $1`, [id]);
  return row ?? null;
}

export async function listCustomers(first, after) {
  const [instant, id] = after?.split('|') ?? ['infinity', ''];
  const rows = await query(
    'page',
    `select ${customerColumns}, c.created_at || '|' || c.id as cursor from customers c
     where (c.created_at, c.id) < ($1::timestamptz, $2) order by c.created_at desc, c.id desc limit $3`,
    [instant, id, first + 1],
  );
  const nodes = rows.slice(0, first);
  return { nodes, pageInfo: { hasNextPage: rows.length > first, endCursor: nodes.at(-1)?.cursor ?? null } };
}

export async function searchCustomers(first, search) {
  const words = `${search.trim().split(/\s+/).join(':* & ')}:*`;
  const found = `from customers c where c.search @@ to_tsquery('simple', $1)`;
  const [nodes, [{ count }]] = await Promise.all([
    query(
      'search',
      // Fenced, or PostgreSQL walks the list by date until it has enough.
      `with c as materialized (select * ${found})
       select ${customerColumns} from c order by c.created_at desc, c.id desc limit $2`,
      [words, first],
    ),
    query('search-count', `select count(*)::integer ${found}`, [words]),
  ]);
  return { nodes, totalCount: count, pageInfo: { hasNextPage: count > first, endCursor: null } };
}

export async function listAddresses(customerIds) {
  const rows = await query(
    'addresses',
    `select ${addressColumns} from addresses a where a.customer_id = any($1)
     order by a.is_default desc, a.created_at, a.id`,
    [customerIds],
  );
  return byCustomer(customerIds, rows);
}

export async function listPaymentMethods(customerIds, first) {
  const rows = await query(
    'methods',
    `select p.* from unnest($1::text[]) as wanted (id) cross join lateral (
       select ${methodColumns} from payment_methods p where p.customer_id = wanted.id
       order by p.is_default desc, p.linked_at desc, p.id desc limit $2
     ) p`,
    [customerIds, first],
  );
  return byCustomer(customerIds, rows);
}

function byCustomer(customerIds, rows) {
  const groups = new Map(customerIds.map((id) => [id, []]));
  for (const row of rows) groups.get(row.customerId).push(row);
  return customerIds.map((id) => groups.get(id));
}

export async function findByToken(token) {
  const [[customer], [method]] = await Promise.all([
    query(
      'default-method',
      `select c.id as "ownerId", ${methodColumns}
       from customers c left join payment_methods p on p.customer_id = c.id and p.is_default where c.token = $1`,
      [token],
    ),
    query('method-by-token', `select ${methodColumns} from payment_methods p where p.token = $1`, [token]),
  ]);
  if (customer)
    return { kind: 'CUSTOMER', customerId: customer.ownerId, method: customer.id ? customer : null };
  return method ? { kind: 'PAYMENT_METHOD', customerId: method.customerId, method } : null;
}

export function resolutionOf({ kind, customerId, method }) {
  const unusableReason = method
    ? whyUnusable({ card: cardOf(method), ach: accountOf(method) })
    : 'NO_DEFAULT_PAYMENT_METHOD';
  const usable = unusableReason === null;
  return {
    kind,
    customerId,
    paymentMethod: method,
    usable,
    unusableReason,
    providerToken: usable ? method.providerToken : null,
  };
}

export async function createCustomer({ addresses = [], ...customer }) {
  return transaction(async (client) => {
    const { name, email, phone, reference, metadata } = customer;
    const [row] = await query(
      'insert-customer',
      `insert into customers as c (id, token, version, name, email, phone, reference, metadata, created_at, updated_at)
       values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $8) returning ${customerColumns}`,
      [newId(), randomUUID(), name, email, phone, reference, metadata, new Date()],
      client,
    );
    const rows = addresses.map((address, index) => ({
      ...address,
      id: newId(),
      customer_id: row.id,
      postal_code: address.postalCode,
      is_default: index === 0,
      created_at: row.createdAt,
      updated_at: row.createdAt,
    }));
    await query(
      'insert-addresses',
      'insert into addresses select * from json_populate_recordset(null::addresses, $1)',
      [JSON.stringify(rows)],
      client,
    );
    return row;
  });
}

export async function linkPaymentMethod({ customerId, token }) {
  return transaction(async (client) => {
    const at = new Date();
    const [customer] = await query(
      'touch-customer',
      `update customers c set version = version + 1, updated_at = $2 where c.id = $1 returning ${customerColumns}`,
      [customerId, at],
      client,
    );
    const [paymentMethod] = await query(
      'insert-method',
      `insert into payment_methods as p (id, customer_id, token, provider_token, type, brand, last_four, expiry_month,
         expiry_year, is_default, created_at, linked_at, updated_at)
       select $1, $2, $3::uuid, t.token, t.type, t.brand, t.last_four, t.expiry_month, t.expiry_year,
         not exists (select from payment_methods p where p.customer_id = $2), $4, $4, $4
       from sandbox_tokens t where t.token = $5
       returning ${methodColumns}`,
      [newId(), customerId, randomUUID(), at, token],
      client,
    );
    return { customer, paymentMethod };
  });
}

async function transaction(work) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
