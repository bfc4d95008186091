import { setTimeout as sleep } from 'node:timers/promises';
import { CREATE, READ, RETRYABLE, untilSuccess } from '../lib/client.mjs';

const create = (client) => client.call(CREATE, { input: { name: 'Ada' } });

/** Sends reads and writes every 50 ms until it is told to stop, whether they are answered or not. */
function probe(client, id) {
  const calls = [];
  const timer = setInterval(() => calls.push(client.call(READ, { id }), create(client)), 50);
  return async () => {
    clearInterval(timer);
    return Promise.all(calls);
  };
}

const slowestOf = (answers) => Math.max(0, ...answers.map(({ took }) => took));
const secondsOf = (milliseconds) => `${(milliseconds / 1_000).toFixed(2)} s`;

function unlessRetryable(answers) {
  const others = answers.filter(({ code }) => code !== null && !RETRYABLE.has(code)).map(({ code }) => code);
  return others.length > 0 ? [`answers with ${[...new Set(others)].join(', ')}`] : [];
}

function unlessWithin(what, measured, limit) {
  return measured <= limit ? [] : [`${what} took ${secondsOf(measured)}, not ${secondsOf(limit)}`];
}

export const killBackend = {
  id: 'kill-backend',
  async run({ cluster, client, slack }) {
    const { id } = (await create(client)).payload.customer;
    const stop = probe(client, id);
    await sleep(300);
    await cluster.killBackend();
    const back = await untilSuccess(() => create(client));
    const answers = await stop();
    const failed = answers.filter(({ code }) => code !== null);
    return [
      {
        id: 'kill-backend',
        fault: 'kill -9 one PostgreSQL backend',
        promise: 'service back within 2 s, failed calls get a retryable code, no restart of ours',
        measured: `back in ${secondsOf(back)}; ${failed.length} of ${answers.length} calls failed, all retryable`,
        broken: [...unlessWithin('the return', back, 2_000 * slack), ...unlessRetryable(answers)],
      },
    ];
  },
};

export const stopPostgres = {
  id: 'postgres-away',
  async run({ cluster, client, isShort, slack }) {
    const { id } = (await create(client)).payload.customer;
    await cluster.stopPostgres();
    const stop = probe(client, id);
    await sleep(isShort ? 700 : 3_000);
    const health = await Promise.all([client.get('/healthz'), client.get('/readyz')]);
    const answers = await stop();
    await cluster.startPostgres();
    const back = await untilSuccess(() => create(client));
    const ready = await untilSuccess(async () => ({
      code: (await client.get('/readyz')).status === 200 ? null : 'NOT_READY',
    }));
    const others = answers.filter(({ status, code }) => status !== 503 || code !== 'DATABASE_UNAVAILABLE');
    const statuses = health.map(({ status }) => status).join(' and ');
    const slowest = slowestOf(answers);
    return [
      {
        id: 'postgres-away',
        fault: 'PostgreSQL stopped and started',
        promise:
          'DATABASE_UNAVAILABLE (503) within 2.5 s while it is away; /healthz 200, /readyz 503; first success within 3 s',
        measured: `${answers.length} calls, the slowest in ${secondsOf(slowest)}; ${statuses}; back in ${secondsOf(back)}`,
        broken: [
          ...unlessWithin('an answer', slowest, 2_500),
          ...unlessWithin('the return', Math.max(back, ready), 3_000 * slack),
          ...(others.length > 0
            ? [`${others.length} answers were ${others[0].status} ${others[0].code}`]
            : []),
          ...(statuses === '200 and 503' ? [] : [`/healthz and /readyz were ${statuses}`]),
          ...(health[1].text.includes('DATABASE_UNAVAILABLE') ? [] : ['/readyz did not say why']),
        ],
      },
    ];
  },
};

export const hang = {
  id: 'postgres-hangs',
  async run({ cluster, client, isShort, slack }) {
    const hangsFor = isShort ? 5_000 : 10_000;
    const { id } = (await create(client)).payload.customer;
    await cluster.signalAll('SIGSTOP');
    const stop = probe(client, id);
    await sleep(hangsFor);
    const ready = await client.get('/readyz');
    await cluster.signalAll('SIGCONT');
    // Full service: ten calls in a row, of which none fails.
    const back = await untilSuccess(async () => {
      const calls = await Promise.all(Array.from({ length: 10 }, () => create(client)));
      return calls.find(({ code }) => code !== null) ?? { code: null };
    });
    const answers = await stop();
    const slowest = slowestOf(answers);
    return [
      {
        id: 'postgres-hangs',
        fault: `PostgreSQL hangs (SIGSTOP) for ${hangsFor / 1_000} s`,
        promise: 'every call answered within 6 s; full service 3 s after SIGCONT',
        measured: `${answers.length} calls, the slowest in ${secondsOf(slowest)}; full service after ${secondsOf(back)}`,
        broken: [
          ...unlessWithin('an answer', slowest, 6_000),
          ...unlessWithin('the return', back, 3_000 * slack),
          ...unlessRetryable(answers),
          ...(ready.status === 503 ? [] : ['/readyz was not 503']),
        ],
      },
    ];
  },
};
