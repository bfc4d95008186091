import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CREATE, READ, untilSuccess } from '../lib/client.mjs';

const run = promisify(execFile);
const create = (client) => client.call(CREATE, { input: { name: 'Ada' } });

/** Moves the customers to a disk of 4 MB in memory and fills it; where that cannot be mounted, the error is raised. */
export const diskFull = {
  id: 'disk-full',
  async run(context) {
    const { client, log } = context;
    const { id } = (await create(client)).payload.customer;
    const disk = await aSmallDisk(context).catch((error) => {
      log(`no disk to fill (${error.message.split('\n')[0]}): PostgreSQL's error is raised by a trigger`);
      return aRaisedError(context);
    });
    try {
      await disk.fill();
      const refused = await firstRefusal(client);
      const read = await client.call(READ, { id });
      await disk.free();
      const back = await untilSuccess(() => create(client));
      return [resultOf(disk, id, refused, read, back)];
    } finally {
      await disk.remove();
    }
  },
};

/** What is left in the pages that the table has already may take some. */
async function firstRefusal(client) {
  for (let written = 0; written < 2_000; written += 1) {
    const answer = await create(client);
    if (answer.code !== null) return answer;
  }
  return null;
}

function resultOf(disk, id, refused, read, back) {
  return {
    id: 'disk-full',
    fault: `disk full (${disk.kind})`,
    promise: 'writes STORAGE_FULL (503), reads go on, recovers without a restart',
    measured: `${refused?.status} ${refused?.code}; reads ${read.code ?? 'went on'}; back in ${(back / 1_000).toFixed(2)} s`,
    broken: [
      ...(refused?.status === 503 && refused.code === 'STORAGE_FULL' ? [] : ['writes were not refused so']),
      ...(read.code === null && read.payload?.id === id ? [] : [`a read got ${read.code}`]),
      ...(back <= 3_000 ? [] : ['it did not recover']),
    ],
  };
}

async function aSmallDisk({ cluster, folder }) {
  const disk = join(folder, 'disk');
  await mkdir(disk);
  await run('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
  const space = join(disk, 'space');
  await mkdir(space);
  const { uid, gid } = await stat(join(folder, 'cluster', 'postgres'));
  await chown(space, uid, gid);
  await chmod(disk, 0o711);
  await chmod(space, 0o700);
  await cluster.query(`create tablespace small location '${space}'`);
  await cluster.query('alter table customers set tablespace small');
  await cluster.query('create table faults_junk (t text) tablespace small');
  return {
    kind: 'a real one of 4 MB',
    // Ever smaller pieces, until not even a page fits.
    fill: async () => {
      for (let rows = 4_096; rows >= 1; rows /= 2) {
        for (;;) {
          const full = await cluster
            .query(`insert into faults_junk select repeat('x', 800) from generate_series(1, ${rows})`)
            .then(
              () => false,
              () => true,
            );
          if (full) break;
        }
      }
    },
    // Dropped: to truncate a table takes room for a new one.
    free: () => cluster.query('drop table faults_junk'),
    remove: async () => {
      await cluster.query('drop table if exists faults_junk');
      await cluster.query('alter table customers set tablespace pg_default');
      await cluster.query('checkpoint');
      await cluster.query('drop tablespace small');
      await run('umount', ['-l', disk]);
    },
  };
}

async function aRaisedError({ cluster }) {
  const fill = async () => {
    await cluster.query(
      `create function faults_full() returns trigger language plpgsql as $$
       begin raise exception using errcode = '53100'; end $$`,
    );
    await cluster.query(
      'create trigger faults_full before insert on customers for each row execute function faults_full()',
    );
  };
  const free = () => cluster.query('drop function faults_full cascade');
  return { kind: 'as an error raised in PostgreSQL', fill, free, remove: async () => undefined };
}
