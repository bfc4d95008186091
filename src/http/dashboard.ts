import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLocalHost } from './landing-page.js';

/** What the dashboard's page is told by the server. */
export interface DashboardSettings {
  /** The API key that its sign-in fills in; null: none. Told only to a page opened under a local name. */
  readonly apiKey: string | null;
  /** Whether the sandbox can make payment tokens. */
  readonly sandbox: boolean;
}

const YEAR_MS = 365 * 24 * 3_600 * 1_000;

// The explorer's editor writes styles of its own at run time, which no nonce reaches, and brings its fonts inside its
// style sheet; scripts are as strict in both.
const EXPLORER_STYLES = "style-src 'self' 'unsafe-inline'; font-src 'self' data:";

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
): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new Error('The dashboard is not built: run `npm run build`, or set VAULT_DASHBOARD=off.');
  }
  const index = await readFile(join(folder, 'index.html'), 'utf8');
  const explorer = await readFile(join(folder, 'explorer.html'), 'utf8');
  const assets = new Set(await readdir(join(folder, 'assets')));
  await http.register(fastifyStatic, {
    root: resolve(folder, 'assets'),
    prefix: '/dashboard/assets/',
    index: false,
    decorateReply: false,
    // Else it leaves requests for addresses like `..%2f` without an answer.
    allowedPath: (path) => assets.has(path.slice(1)),
    preCompressed: true,
    immutable: true,
    maxAge: YEAR_MS,
  });
  const showIndex = async (request: FastifyRequest, reply: FastifyReply) => {
    const nonce = randomBytes(16).toString('base64');
    return showPage(index, settings, nonce, `style-src 'self' 'nonce-${nonce}'`, request, reply);
  };
  http.get('/dashboard', showIndex);
  http.get('/dashboard/*', showIndex);
  http.get('/dashboard/explorer', async (request, reply) =>
    showPage(explorer, settings, '', EXPLORER_STYLES, request, reply),
  );
}

function showPage(
  page: string,
  { apiKey, sandbox }: DashboardSettings,
  nonce: string,
  styles: string,
  { headers }: FastifyRequest,
  reply: FastifyReply,
): string {
  // Neither a foreign name that leads here nor a script of another origin may read the key out of the page.
  const isOwnPage = isLocalHost(headers.host) && headers.origin === undefined;
  const told = JSON.stringify({ apiKey: isOwnPage ? apiKey : null, sandbox, nonce });
  reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('content-security-policy', securityPolicy(styles))
    .header('cross-origin-opener-policy', 'same-origin')
    .header('referrer-policy', 'no-referrer')
    .header('x-frame-options', 'DENY');
  return page.replace('{"vault":"settings"}', () => told.replaceAll('<', '\\u003c'));
}

function securityPolicy(styles: string): string {
  const own = ['script-src', 'connect-src', 'worker-src'].map((kind) => `${kind} 'self'`);
  const none = ['default-src', 'base-uri', 'form-action', 'frame-ancestors'].map((kind) => `${kind} 'none'`);
  return [...none, ...own, styles, "img-src 'self' data:"].join('; ');
}
