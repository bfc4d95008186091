// The floor: HTTP in, one prepared statement, the JSON that PostgreSQL made out. No GraphQL, no keys, no limits.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { newId } from '../lib/ids.mjs';
import { bareStatements } from '../lib/sql.mjs';
import { serve } from './shared/serve.mjs';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

const values = {
  W1: ({ id }) => [id],
  W2: ({ after }) => after?.split('|') ?? [null, ''],
  W3: ({ input: { addresses, ...customer } }) => {
    const rows = addresses.map((address, index) => ({ ...address, id: newId(), isDefault: index === 0 }));
    const { name, email, phone, reference, metadata } = customer;
    return [newId(), randomUUID(), name, email, phone, reference, metadata, new Date(), JSON.stringify(rows)];
  },
  W4: ({ token }) => [token],
  W5: ({ search }) => [search],
  W6: ({ input: { customerId, token } }) => [customerId, token, newId(), randomUUID(), new Date()],
};

serve(async (workload, variables) => {
  const text = bareStatements[workload];
  const { rows } = await pool.query({ name: workload, text, values: values[workload](variables) });
  return rows[0].answer;
});
