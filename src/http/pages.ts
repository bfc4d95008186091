import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** What a page may load beside its own scripts and images, as sources of a Content-Security-Policy. */
export interface Sources {
  readonly styles?: string;
  readonly scripts?: string;
  readonly frames?: string;
  readonly workers?: string;
  readonly fonts?: string;
}

// Apollo's script is named by its whole address: nothing else of that host is run.
const SANDBOX: Sources = {
  scripts: 'https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js',
  frames: 'https://sandbox.embed.apollographql.com',
};

/**
 * Serves the page at `/`, which leads to the others, and Apollo Sandbox at `/sandbox`. No page holds a key: its script
 * takes one from the address's fragment, which browsers do not send.
 *
 * @throws Error when the pages have not been built.
 */
export async function addPages(http: FastifyInstance, folder: string): Promise<void> {
  const home = await readPage(folder, 'home');
  const sandbox = await readPage(folder, 'sandbox');
  http.get('/', async (_request, reply) => showPage(home, {}, reply));
  http.get('/sandbox', async (_request, reply) => showPage(sandbox, SANDBOX, reply));
}

/**
 * Reads a built page.
 *
 * @throws Error when it has not been built.
 */
export async function readPage(folder: string, name: string): Promise<string> {
  const path = join(folder, `${name}.html`);
  if (existsSync(path)) return readFile(path, 'utf8');
  throw new Error('The dashboard is not built: run `npm run build`, or set VAULT_DASHBOARD=off.');
}

/** Sends a page that no cache keeps and no other page frames, opens or gets a referrer from. */
export function showPage(page: string, sources: Sources, reply: FastifyReply): string {
  reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('content-security-policy', securityPolicy(sources))
    .header('cross-origin-opener-policy', 'same-origin')
    .header('referrer-policy', 'no-referrer')
    .header('x-frame-options', 'DENY');
  return page;
}

function securityPolicy({ styles = '', scripts = '', frames, workers, fonts }: Sources): string {
  const policy = {
    'default-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'script-src': `'self' ${scripts}`.trim(),
    'style-src': `'self' ${styles}`.trim(),
    'connect-src': "'self'",
    'img-src': "'self' data:",
    // What is left out falls back to 'none'; workers would fall back to where scripts come from.
    'worker-src': workers ?? "'none'",
    ...(frames && { 'frame-src': frames }),
    ...(fonts && { 'font-src': fonts }),
  };
  return Object.entries(policy)
    .map(([kind, from]) => `${kind} ${from}`)
    .join('; ');
}
