import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Admission } from './admission.js';
import { readPage, showPage } from './pages.js';

/** Settings that the server writes into the dashboard's page. */
export interface DashboardSettings {
  /** Whether the sandbox can make payment tokens. */
  readonly sandbox: boolean;
}

const PREFIX = '/dashboard/assets/';
const YEAR_MS = 365 * 24 * 3_600 * 1_000;

// The explorer's editor writes styles of its own at run time, which no nonce reaches, and brings its fonts inside its
// style sheet; scripts are as strict in both.
const EXPLORER = { styles: "'unsafe-inline'", workers: "'self'", fonts: "'self' data:" };

/**
 * Serves the built dashboard under `/dashboard`: its hashed assets for a year, and for every other address below the
 * page itself, which reads the address.
 *
 * @throws Error when the dashboard has not been built.
 */
export async function addDashboard(
  http: FastifyInstance,
  folder: string,
  settings: DashboardSettings,
  admission: Admission,
): Promise<void> {
  const index = await readPage(folder, 'index');
  const explorer = await readPage(folder, 'explorer');
  const assets = await sizesIn(join(folder, 'assets'));
  await http.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      const bytes = assets.get((request.params as { readonly '*': string })['*']);
      return bytes === undefined ? undefined : admission.countAsset(request, reply, bytes);
    });
    await scope.register(fastifyStatic, {
      root: resolve(folder, 'assets'),
      prefix: PREFIX,
      index: false,
      decorateReply: false,
      // Else it leaves requests for addresses like `..%2f` without an answer.
      allowedPath: (path) => assets.has(path.slice(1)),
      preCompressed: true,
      immutable: true,
      maxAge: YEAR_MS,
    });
  });
  const showIndex = async (_request: unknown, reply: FastifyReply) => {
    const nonce = randomBytes(16).toString('base64');
    return showPage(tell(index, { ...settings, nonce }), { styles: `'nonce-${nonce}'` }, reply);
  };
  http.get('/dashboard', showIndex);
  http.get('/dashboard/*', showIndex);
  http.get('/dashboard/explorer', async (_request, reply) =>
    showPage(tell(explorer, settings), EXPLORER, reply),
  );
}

async function sizesIn(folder: string): Promise<ReadonlyMap<string, number>> {
  const names = await readdir(folder);
  const sizes = await Promise.all(
    names.map(async (name) => [name, (await stat(join(folder, name))).size] as const),
  );
  return new Map(sizes);
}

function tell(page: string, settings: DashboardSettings & { readonly nonce?: string }): string {
  return page.replace('{"vault":"settings"}', () => JSON.stringify(settings).replaceAll('<', '\\u003c'));
}
