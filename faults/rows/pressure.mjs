import { randomUUID } from 'node:crypto';
import { aCustomerWithCards, CREATE, READ, SET_DEFAULT, UPDATE, untilSuccess } from '../lib/client.mjs';
import { between } from '../lib/random.mjs';

const secondsOf = (milliseconds) => `${(milliseconds / 1_000).toFixed(2)} s`;
const create = (client) => client.call(CREATE, { input: { name: 'Ada' } });
const isServed = ({ code }) => code === null;

/** A trigger on customers that does what `body` says, as the database's owner; gives back how to end it. */
async function onCustomers(cluster, body, event = 'insert') {
  await cluster.query(`create table faults_switch (is_on boolean not null)`);
  await cluster.query('insert into faults_switch values (true)');
  await cluster.query('create sequence faults_counter');
  await cluster.query(
    `create function faults_rule() returns trigger language plpgsql security definer as $$
     begin if (select is_on from faults_switch) then ${body} end if; return new; end $$`,
  );
  await cluster.query(
    `create trigger faults_rule before ${event} on customers for each row execute function faults_rule()`,
  );
  return {
    switchOff: () => cluster.query('update faults_switch set is_on = false'),
    remove: async () => {
      await cluster.query('drop function faults_rule cascade');
      await cluster.query('drop sequence faults_counter');
      await cluster.query('drop table faults_switch');
    },
  };
}

/** Half of the connections for changes. */
const SHARE = 5;

export const poolExhausted = {
  id: 'pool-exhausted',
  async run({ cluster, client }) {
    const created = await Promise.all(Array.from({ length: 41 }, () => create(client)));
    const [free, ...ids] = created.map(({ payload }) => payload.customer.id);
    const change = (id) => client.call(UPDATE, { input: { id, name: `Grace ${randomUUID()}` } });
    // Shorter than PostgreSQL's limit for a statement, and longer than anybody waits.
    const rule = await onCustomers(cluster, 'perform pg_sleep(2.8);', 'update');
    const holders = ids.slice(0, SHARE).map(change);
    await untilSuccess(async () => {
      const { rows } = await cluster.query(
        `select count(*)::int as n from pg_stat_activity where wait_event = 'PgSleep'`,
      );
      return { code: rows[0].n >= SHARE ? null : 'WAIT' };
    });
    const refused = await Promise.all(ids.slice(10).map(change));
    const read = await client.call(READ, { id: free });
    await rule.switchOff();
    await Promise.all(holders);
    const back = await untilSuccess(() => change(free));
    await rule.remove();
    const others = refused.filter(
      ({ status, code, retryAfter }) => status !== 503 || code !== 'OVERLOADED' || !retryAfter,
    );
    const slowest = Math.max(...refused.map(({ took }) => took));
    return [
      {
        id: 'pool-exhausted',
        fault: "a merchant's share of the pool exhausted",
        promise: 'OVERLOADED (503, retry-after) within 2.5 s; back 1 s after release',
        measured: `30 of 30 refused, the slowest in ${secondsOf(slowest)}; back in ${secondsOf(back)}; reads went on`,
        broken: [
          ...(others.length > 0
            ? [`${others.length} answers were ${others[0].status} ${others[0].code}`]
            : []),
          ...(slowest <= 2_500 ? [] : [`an answer took ${secondsOf(slowest)}`]),
          ...(back <= 1_000 ? [] : [`the return took ${secondsOf(back)}`]),
          ...(isServed(read) ? [] : ['a read failed']),
        ],
      },
    ];
  },
};

export const conflicts = {
  id: 'conflicts',
  async run({ cluster, client, isShort, random }) {
    const calls = isShort ? 10 : 60;
    const codes = ['40001', '40P01'];
    const code = codes[between(random, 0, 1)];
    const rule = await onCustomers(
      cluster,
      // Of every three attempts the first two fail.
      `if nextval('faults_counter') % 3 <> 0 then raise exception using errcode = '${code}'; end if;`,
    );
    const mended = [];
    for (let call = 0; call < calls; call += 1) mended.push(await create(client));
    await rule.remove();
    const always = await onCustomers(cluster, `raise exception using errcode = '${codes[0]}';`);
    const hopeless = await create(client);
    await always.remove();
    const failed = mended.filter((answer) => !isServed(answer));
    return [
      {
        id: 'conflicts',
        fault: 'deadlock, serialization failure',
        promise: 'retried up to 3 times; never INTERNAL_SERVER_ERROR',
        measured: `${calls - failed.length} of ${calls} calls that failed twice (${code}) succeeded; one that always fails: ${hopeless.code}`,
        broken: [
          ...(failed.length > 0 ? [`${failed.length} calls failed with ${failed[0].code}`] : []),
          ...(hopeless.code === 'TIMEOUT' ? [] : [`a hopeless call got ${hopeless.code}`]),
        ],
      },
    ];
  },
};

export const racingDefaults = {
  id: 'racing-defaults',
  async run({ client, isShort, random }) {
    const each = isShort ? 8 : 40;
    const { id, cards } = await aCustomerWithCards(client, 4);
    const racers = Array.from({ length: 10 }, async () => {
      const answers = [];
      for (let call = 0; call < each; call += 1) {
        const method = cards[between(random, 0, cards.length - 1)];
        answers.push(await client.call(SET_DEFAULT, { input: { id: method } }));
      }
      return answers;
    });
    const answers = (await Promise.all(racers)).flat();
    const versions = answers.map(({ payload }) => payload?.customer?.version).filter(Number.isInteger);
    const { payload } = await client.call(READ, { id });
    const highest = Math.max(...versions);
    const failed = answers.filter((answer) => !isServed(answer));
    return [
      {
        id: 'racing-defaults',
        fault: `10 clients × ${each} racing setDefaultPaymentMethod on one customer`,
        promise: 'all of them succeed',
        measured: `${answers.length - failed.length} of ${answers.length}`,
        broken: [
          ...(failed.length > 0 ? [`${failed.length} failed with ${failed[0].code}`] : []),
          ...(payload.version === highest ? [] : ['the version is not the highest that was given']),
        ],
      },
    ];
  },
};

export const racingKey = {
  id: 'racing-key',
  async run({ client, cluster, isShort }) {
    const rounds = isShort ? 3 : 20;
    const allowed = new Set([null, 'IDEMPOTENCY_IN_PROGRESS', 'OVERLOADED']);
    const broken = [];
    for (let round = 0; round < rounds; round += 1) {
      const key = randomUUID();
      const reference = randomUUID();
      const call = () => client.call(CREATE, { input: { name: 'Ada', reference } }, key);
      const answers = await Promise.all(Array.from({ length: 50 }, call));
      const after = await call();
      const ids = new Set([...answers, after].flatMap(({ payload }) => payload?.customer?.id ?? []));
      if (ids.size !== 1 || after.code !== null) broken.push(`${ids.size} customers under one key`);
      for (const { code } of answers) if (!allowed.has(code)) broken.push(`a call got ${code}`);
    }
    const stuck = await killedHolder(client, cluster);
    return [
      {
        id: 'racing-key',
        fault: '50 racing calls with one idempotency key',
        promise:
          'one effect; every answer is that result, IDEMPOTENCY_IN_PROGRESS or OVERLOADED; no key is stuck',
        measured: `${rounds} of ${rounds} rounds with one effect; a key whose server was killed was free after ${secondsOf(stuck.free)}`,
        broken: [...broken, ...stuck.broken],
      },
    ];
  },
};

/** Kills the server while a call holds its key in an open transaction, and asks the next server under that key. */
async function killedHolder(client, cluster) {
  const { id } = (await create(client)).payload.customer;
  const rule = await onCustomers(cluster, 'perform pg_sleep(3);');
  const key = randomUUID();
  const input = { name: 'Ada', reference: randomUUID() };
  const lost = client.call(CREATE, { input }, key);
  await untilSuccess(async () => {
    const { rows } = await cluster.query(`select 1 from pg_stat_activity where wait_event = 'PgSleep'`);
    return { code: rows.length > 0 ? null : 'WAIT' };
  });
  await cluster.server.end('SIGKILL');
  const { code } = await lost;
  await rule.switchOff();
  const next = await cluster.startServer();
  const free = await untilSuccess(() => next.call(CREATE, { input }, key));
  const again = await next.call(UPDATE, { input: { id, name: 'Grace' } }, randomUUID());
  await rule.remove();
  return {
    free,
    broken: [
      ...(code === 'NO_ANSWER' ? [] : [`the killed server answered ${code}`]),
      ...(free <= 15_000 ? [] : ['the key of a killed server stayed stuck']),
      ...(isServed(again) ? [] : [`the next call got ${again.code}`]),
    ],
  };
}
