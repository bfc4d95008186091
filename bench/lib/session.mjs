import { cpus, platform, totalmem } from 'node:os';
import { checkAnswers } from './check.mjs';
import { checkWritten } from './check-written.mjs';
import { startCluster, withClient } from './cluster.mjs';
import { ensureFilled, merchantOf } from './fill.mjs';
import { sendLoad } from './load.mjs';
import { generatePrismaClient } from './prisma.mjs';
import { cpuOfPostgres } from './processes.mjs';
import { reset } from './reset.mjs';
import { startPeer, startVault } from './servers.mjs';
import { countStatements } from './statements.mjs';
import { storeTokens } from './tokens.mjs';
import {
  baseOf,
  dialects,
  rememberDocument,
  requestsOf,
  takeCursors,
  takeSample,
  variablesOf,
} from './workloads.mjs';

const WRITING = new Set(['W3', 'W6', 'W7']);
/** No server here answers more a second; what is written must not be sent twice. */
const FASTEST = { W1: 500, W2: 500, W3: 4_000, W4: 500, W5: 500, W6: 4_000, W7: 8_000 };

/** Everything that a measurement needs: the filled cluster, the servers on it, and what to ask them. */
export async function openSession(options, names) {
  const cluster = await startCluster(options.size);
  const servers = [];
  const close = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await cluster.stop();
  };
  try {
    await ensureFilled(options.root, cluster, options.size);
    await reset(cluster);
    if (names.includes('apollo-prisma')) generatePrismaClient();
    for (const name of names) {
      servers.push(
        await (name === 'ours' ? startVault(options.root, cluster, options) : startPeer(name, cluster)),
      );
    }
    const sample = await takeSample(cluster, options.size);
    const cursors = new Map();
    for (const server of servers) cursors.set(server.name, await takeCursors(server, sample));
    const merchant = await merchantOf(cluster);
    await checkAnswers(servers, sample, cursors);
    await checkWritten(servers, cluster, merchant);
    const ours = servers.find(({ name }) => name === 'ours');
    if (ours) await rememberDocument(ours, sample[0]);
    return { options, cluster, merchant, servers, sample, cursors, tokens: [], close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Measures one workload on one server, after a warm-up, from the same data as every other time. */
export async function measure(session, server, workload, { warmUp, seconds, connections }) {
  const { cluster, sample, cursors } = session;
  const fastest = FASTEST[baseOf(workload)];
  await ensureTokens(session, workload, (warmUp + seconds) * fastest);
  if (WRITING.has(baseOf(workload))) await reset(cluster);
  const variables = variablesOf({
    sample,
    cursors: cursors.get(server.name),
    tokens: iteratorOf(session.tokens),
  });
  const requests = (time) => requestsOf(server, workload, Math.ceil(time * fastest) + 1_000, variables);
  await sendLoad(server, requests(warmUp), { connections, seconds: warmUp });
  const statements = await countStatements(cluster, server);
  const cpuTimes = () => Promise.all([server.cpu(), cpuOfPostgres(cluster.dataDir)]);
  const before = await cpuTimes();
  const seen = await sendLoad(server, requests(seconds), { connections, seconds });
  const [cpu, databaseCpu] = (await cpuTimes()).map((time, index) => time - before[index]);
  const calls = await statements();
  const result = {
    ...seen,
    statements: calls / seen.requests,
    databaseMs: databaseCpu / seen.requests,
    cpuMs: cpu / seen.requests,
    memory: await server.memory(),
  };
  if (seen.failures > 0) {
    throw new Error(
      `${server.name} failed ${seen.failures} of ${seen.requests} in ${workload}: ${seen.refused}`,
    );
  }
  return result;
}

function iteratorOf(items) {
  let next = 0;
  return { next: () => items[next++] };
}

async function ensureTokens(session, workload, atLeast) {
  const share = { W6: 1, W7: 0.06 }[baseOf(workload)] ?? 0;
  const count = Math.ceil(atLeast * share) + (share > 0 ? 3_000 : 0);
  if (session.tokens.length >= count) return;
  session.tokens = await storeTokens(session.cluster, session.merchant, count);
}

export function knows(server, workload) {
  return dialects[server.name].knows.includes(workload);
}

/** What the numbers were taken on. */
export async function machineOf({ cluster }) {
  const [{ model }] = cpus();
  const postgres = await withClient(cluster.adminUrl, async (client) => {
    const { rows } = await client.query('show server_version');
    return rows[0].server_version;
  });
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${model.trim()}, ${memory} GB, ${platform()}, Node ${process.versions.node}, PostgreSQL ${postgres}`;
}
