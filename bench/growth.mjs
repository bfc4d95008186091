// npm run growth: how the vault's answers slow down as the data grows.
import { randomUUID } from 'node:crypto';
import { withClient } from './lib/cluster.mjs';
import { insertRows } from './lib/fill.mjs';
import { newId } from './lib/ids.mjs';
import { readOptions } from './lib/options.mjs';
import { cardOf, randomOf } from './lib/people.mjs';
import { reset } from './lib/reset.mjs';
import { vaultMethodRow } from './lib/rows.mjs';
import { measure, openSession } from './lib/session.mjs';
import { ask, dialects, variablesOf } from './lib/workloads.mjs';
import { toTable } from './report.mjs';

const METHODS = [1, 100, 5_000];
const WORKLOADS = ['W1', 'W2', 'W4', 'W5'];
/** Few, so that the times are those of the work and not of waiting for a processor. */
const CONNECTIONS = 2;

const options = { ...readOptions({ seconds: 5 }), connections: CONNECTIONS };
const rows = [];
await growCustomers();
await growMethods();
process.stdout.write(`${toTable(['workload', 'of', 'p50 ms', 'growth'], rows)}\n`);

async function growCustomers() {
  const times = new Map();
  for (const size of options.sizes) {
    const session = await openSession({ ...options, size }, ['ours']);
    try {
      await collect(times, session, options.workloads ?? WORKLOADS);
    } finally {
      await session.close();
    }
  }
  report(times, `${options.sizes.join(', ')} customers`);
}

async function growMethods() {
  const session = await openSession({ ...options, size: options.sizes[0] }, ['ours']);
  const times = new Map();
  try {
    const customer = await createCustomer(session);
    for (const [index, count] of METHODS.entries()) {
      await addMethods(session, customer, count - (METHODS[index - 1] ?? 0));
      // The same customer at every request, by its own token where a token is asked for.
      const sample = [{ ...customer, method_token: customer.token }];
      await collect(times, { ...session, sample }, ['W1', 'W4']);
    }
  } finally {
    await reset(session.cluster);
    await session.close();
  }
  report(times, `${METHODS.join(', ')} payment methods of one customer`);
}

async function collect(times, session, workloads) {
  for (const workload of workloads) {
    const { p50 } = await measure(session, session.servers[0], workload, options);
    times.set(workload, [...(times.get(workload) ?? []), p50]);
    process.stderr.write(`${workload} ${p50.toFixed(2)} ms\n`);
  }
}

function report(times, of) {
  for (const [workload, p50] of times) {
    const growth = `${((p50.at(-1) / p50[0] - 1) * 100).toFixed(0)} %`;
    rows.push([workload, of, p50.map((time) => time.toFixed(2)).join(', '), growth]);
  }
}

async function createCustomer({ servers: [server], sample, cursors, tokens }) {
  const variables = variablesOf({ sample, cursors: cursors.get(server.name), tokens });
  const { createCustomer } = await ask(server, dialects.ours.request('W3', variables.W3()));
  return createCustomer.customer;
}

/** Adds so many payment methods to a customer; the last one becomes the default. */
async function addMethods({ merchant, cluster }, { id: customerId }, count) {
  const random = randomOf(count);
  const digits = (length) => String(Math.floor(random() * 10 ** length)).padStart(length, '0');
  const methods = Array.from({ length: count }, () => ({
    id: newId(),
    customerId,
    token: randomUUID(),
    details: cardOf(random, digits),
    secrets: { label: null, providerToken: randomUUID() },
    linkedAt: new Date(),
  }));
  await withClient(cluster.vaultUrl, async (client) => {
    await insertRows(client, {
      payment_methods: methods.map((method) => vaultMethodRow(merchant, method)),
    });
    await client.query('update customers set default_payment_method_id = $2 where id = $1', [
      customerId,
      methods.at(-1).id,
    ]);
    await client.query('vacuum (analyze) payment_methods');
  });
}
