import { cp, mkdtemp, readdir, readlink, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { send } from '../support/http.js';
import { open as connectTo, exchange, until } from '../support/sockets.js';
import { startVault, type TestVault } from '../support/vault.js';

const folder = join('dashboard', 'dist');
let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ dashboard: folder });
});

afterAll(() => vault.close());

const open = (path: string, headers = {}) => send(vault.url + path, { headers });

async function largestAsset(): Promise<string> {
  const names = (await readdir(join(folder, 'assets'))).filter((name) => name.endsWith('.js'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, 'assets', name))).size));
  return names[sizes.indexOf(Math.max(...sizes))] ?? '';
}

/** How many assets this process, which is the server's, has open. */
async function openAssets(): Promise<number> {
  const targets = (await readdir('/proc/self/fd')).map((fd) =>
    readlink(`/proc/self/fd/${fd}`).catch(() => ''),
  );
  return (await Promise.all(targets)).filter((target) => target.includes('/dist/assets/')).length;
}

/** Addresses of the scripts that a page loads at once: its own and those that it preloads. */
function scriptsOf(page: string): string[] {
  const found = page.matchAll(/<(?:script|link)[^>]+(?:src|href)="([^"]+\.js)"/g);
  return [...found].map(([, address = '']) => address);
}

test.each([
  '/dashboard',
  '/dashboard/',
  '/dashboard/customers/64afab5b1f6d1b2c3d4e5f60',
  '/dashboard/explorer',
])('serves a page at %s, never from a cache, that runs own scripts only', async (path) => {
  const { status, headers, text } = await open(path);
  const policy = String(headers['content-security-policy']);

  expect([status, headers['content-type'], headers['cache-control']]).toEqual([
    200,
    'text/html; charset=utf-8',
    'no-store',
  ]);
  expect(text).toContain('<div id="root">');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(headers['referrer-policy']).toBe('no-referrer');
});

test('gives each page a nonce of its own for its styles', async () => {
  const [one, other] = await Promise.all([open('/dashboard'), open('/dashboard')]);
  const nonces = [one, other].map(({ text }) => /"nonce":"([^"]+)"/.exec(text)?.[1] ?? '');

  expect(nonces[0]).not.toBe(nonces[1]);
  expect(one?.headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonces[0]}'`);
});

test('lets hashed assets be kept for a year, compressed, and knows no others', async () => {
  const [script = ''] = scriptsOf((await open('/dashboard')).text);

  const { status, headers } = await open(script, { 'accept-encoding': 'gzip' });
  const missing = await open('/dashboard/assets/none-00000000.js');

  expect([status, headers['content-encoding']]).toEqual([200, 'gzip']);
  expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(script).toMatch(/-[\w-]{8}\.js$/);
  expect([missing.status, missing.headers['content-type']]).toEqual([404, expect.stringMatching(/json/)]);
});

test.each([
  '/dashboard/assets/',
  '/dashboard/assets/..%2f..%2fpackage.json',
  '/dashboard/assets/..%5cindex.html',
  '/dashboard/assets/a%00b',
  '/dashboard/assets/__proto__',
])('answers %s, which is no asset, with 404', async (path) => {
  const { status, headers } = await open(path);

  expect([status, headers['content-type']]).toEqual([404, expect.stringMatching(/json/)]);
});

test('loads less than 300 kB of compressed script at first, the explorer not among it', async () => {
  const scripts = scriptsOf((await open('/dashboard')).text);

  const sizes = await Promise.all(
    scripts.map(async (script) =>
      Number((await open(script, { 'accept-encoding': 'gzip' })).headers['content-length']),
    ),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);

  expect(scripts.length).toBeGreaterThan(0);
  expect(total).toBeGreaterThan(50_000);
  expect(total).toBeLessThan(300_000);
  expect(scripts.join()).not.toContain('explorer');
});

test('bundles the explorer: no page asks another host for anything', async () => {
  const { text } = await open('/dashboard/explorer');

  expect(text).not.toMatch(/https?:\/\//);
  expect((await readdir(join(folder, 'assets'))).some((name) => name.startsWith('graphql.worker-'))).toBe(
    true,
  );
});

test('tells a page whether there is a sandbox, and nothing else', async () => {
  const told = await Promise.all(
    ['/dashboard', '/dashboard/explorer'].map(async (path) =>
      JSON.parse(/id="settings">(.+?)<\/script>/.exec((await open(path)).text)?.[1] ?? ''),
    ),
  );

  expect(told).toEqual([{ sandbox: true, nonce: expect.any(String) }, { sandbox: true }]);
});

test('closes the files of assets whose clients have left, and cuts who asks for many behind each other', async () => {
  const largest = `/dashboard/assets/${await largestAsset()}`;
  const bytes = `GET ${largest} HTTP/1.1\r\nhost: vault\r\n\r\n`;

  const single = await Promise.all(Array.from({ length: 20 }, () => connectTo(vault.url)));
  for (const socket of single) socket.pause().write(bytes);
  await until(async () => (await openAssets()) === single.length);
  for (const socket of single) socket.resetAndDestroy();
  await until(async () => (await openAssets()) === 0);

  await Promise.all([1, 2].map(() => exchange(vault.url, bytes.repeat(4))));
  await until(async () => (await openAssets()) === 0);

  const one = await open(largest);
  expect([one.status, one.text.length > 500_000]).toEqual([200, true]);
});

test('counts assets by their bytes: an address that has had 100 MB of them waits, and nothing else does', async () => {
  const other = await startVault({ dashboard: folder });
  try {
    const largest = `${other.url}/dashboard/assets/${await largestAsset()}`;
    // An address may be written in more than one way.
    const ways = [largest, `${largest}?a=1`, largest.replace('monaco', '%6donaco')];
    const answers = [];
    for (let number = 0; number < 45; number += 1)
      answers.push(await send(ways[number % ways.length] ?? '', { headers: { 'accept-encoding': 'gzip' } }));

    const statuses = answers.map(({ status }) => status);
    const last = answers.at(-1);

    expect(statuses.indexOf(429)).toBeGreaterThan(20);
    expect(statuses.slice(statuses.indexOf(429))).not.toContain(200);
    expect(JSON.parse(last?.text ?? '').errors[0].extensions.code).toBe('RATE_LIMITED');
    expect(Number(last?.headers['retry-after'])).toBeGreaterThan(0);
    for (const path of ['/dashboard', '/healthz', '/dashboard/assets/none-00000000.js'])
      expect((await send(other.url + path)).status).not.toBe(429);
  } finally {
    await other.close();
  }
});

test('answers a file that cannot be opened with an error that nobody keeps, and goes on', async () => {
  const copy = await mkdtemp(join(tmpdir(), 'vault-pages-'));
  await cp(folder, copy, { recursive: true });
  // There is such a file, and nobody can read it, not even root.
  const name = 'shut-00000000.js';
  const shut = createServer().listen(join(copy, 'assets', name));
  const broken = await startVault({ dashboard: copy });
  try {
    const answer = await send(`${broken.url}/dashboard/assets/${name}`);

    expect([answer.status, answer.headers['content-type']]).toEqual([500, 'application/json; charset=utf-8']);
    expect(JSON.parse(answer.text).errors[0].extensions.code).toBe('INTERNAL_SERVER_ERROR');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers).not.toHaveProperty('etag');
    expect((await send(`${broken.url}/healthz`)).status).toBe(200);
  } finally {
    shut.close();
    await broken.close();
    await rm(copy, { recursive: true });
  }
});

test('refuses to start without a built dashboard, and says how to build it', async () => {
  await expect(startVault({ dashboard: 'prisma' })).rejects.toThrow(
    'The dashboard is not built: run `npm run build`',
  );
});
