import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CREATE } from '../lib/client.mjs';
import { postgresOn, queryAs } from '../lib/cluster.mjs';
import { Server } from '../lib/server.mjs';

/** SIGTERM while many calls are under way, some of them slow. */
export const sigterm = {
  id: 'sigterm',
  async run({ folder, isShort }) {
    const dataDir = join(folder, 'sigterm');
    const server = new Server(dataDir);
    const client = await server.ready();
    const url = (await readFile(join(dataDir, 'database-url'), 'utf8')).trim();
    await slowDown(url, isShort ? 1 : 3);
    const accepted = Array.from({ length: 8 }, () => client.call(CREATE, { input: { name: 'Slow' } }));
    await sleep(300);
    const ending = server.end('SIGTERM');
    let firstNotReady = null;
    let refusedAfter = null;
    const begin = performance.now();
    while (refusedAfter === null) {
      const ready = await client.get('/readyz');
      if (ready.status === 503 && ready.text.includes('STOPPING'))
        firstNotReady ??= performance.now() - begin;
      if (ready.status === 0) refusedAfter = performance.now() - begin;
      await sleep(10);
    }
    const answers = await Promise.all(accepted);
    const { code, took } = await ending;
    const failed = answers.filter((answer) => answer.code !== null);
    const isStopped = (await postgresOn(dataDir)) === null;
    const clean = (await readFile(join(dataDir, 'postgres.log'), 'utf8')).includes(
      'database system is shut down',
    );
    return [
      {
        id: 'sigterm',
        fault: 'SIGTERM under load',
        promise:
          '/readyz 503 first; no accepted request shorter than 10 s fails; exit within 12 s, PostgreSQL stopped cleanly',
        measured: `503 after ${Math.round(firstNotReady ?? -1)} ms; ${answers.length - failed.length} of ${answers.length} accepted answered; exit in ${(took / 1_000).toFixed(2)} s`,
        broken: [
          ...(firstNotReady !== null ? [] : ['/readyz never said that it stops']),
          ...(failed.length > 0 ? [`${failed.length} accepted requests failed with ${failed[0].code}`] : []),
          ...(took <= 12_000 && code === 0 ? [] : [`exit ${code} after ${Math.round(took)} ms`]),
          ...(isStopped && clean ? [] : ['PostgreSQL was not stopped cleanly']),
        ],
      },
    ];
  },
};

/** Makes every new customer take so many seconds. */
async function slowDown(url, seconds) {
  await queryAs(
    url,
    `create function faults_slow() returns trigger language plpgsql as $$
     begin perform pg_sleep(${seconds}); return new; end $$`,
  );
  await queryAs(
    url,
    'create trigger faults_slow before insert on customers for each row execute function faults_slow()',
  );
}
