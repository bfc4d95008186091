import { join } from 'node:path';
import { send } from '../support/http.js';
import { startVault, type TestVault } from '../support/vault.js';

const apollo = 'https://embeddable-sandbox.cdn.apollographql.com';
let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ dashboard: join('dashboard', 'dist') });
});

afterAll(() => vault.close());

/** The page's policy by kind, such as `script-src`. */
async function policyOf(path: string): Promise<Map<string, string>> {
  const { headers } = await send(vault.url + path);
  return new Map(
    String(headers['content-security-policy'])
      .split('; ')
      .map((line) => {
        const [kind = '', ...sources] = line.split(' ');
        return [kind, sources.join(' ')];
      }),
  );
}

test.each(['/', '/sandbox'])('serves a page at %s that nobody keeps, frames or opens', async (path) => {
  const { status, headers, text } = await send(vault.url + path);

  expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
  });
  expect(text).not.toMatch(/<script(?![^>]+src=)|<style| on\w+=|https?:\/\//);
});

test('lets the first page load nothing from elsewhere', async () => {
  const policy = await policyOf('/');

  expect([...policy.values()].join(' ')).not.toMatch(/https?:|unsafe|\*/);
  expect(policy.get('default-src')).toBe("'none'");
  expect(policy.get('script-src')).toBe("'self'");
  expect(policy.get('frame-ancestors')).toBe("'none'");
});

test('lets Sandbox load one script of Apollo’s and frame Apollo’s page, and nothing else', async () => {
  const policy = await policyOf('/sandbox');

  expect(policy.get('script-src')).toBe(`'self' ${apollo}/v2/embeddable-sandbox.umd.production.min.js`);
  expect(policy.get('frame-src')).toBe('https://sandbox.embed.apollographql.com');
  expect(policy.get('connect-src')).toBe("'self'");
  expect(policy.get('frame-ancestors')).toBe("'none'");
  expect([...policy.values()].join(' ')).not.toContain('unsafe');
});

test.each(['/', '/dashboard', '/dashboard/explorer'])(
  'lets no script of Apollo’s run at %s',
  async (path) => {
    expect([...(await policyOf(path)).values()].join(' ')).not.toContain('apollographql');
  },
);

test.each(['/', '/sandbox', '/dashboard'])('takes GET at %s, and no other method', async (path) => {
  const answer = await send(vault.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{__typename}"}',
  });

  expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET']);
  expect((await send(vault.url + path, { method: 'HEAD' })).status).toBe(200);
});

test('shows a browser no page at /graphql', async () => {
  const answer = await send(`${vault.url}/graphql`, { headers: { accept: 'text/html' } });

  expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/json; charset=utf-8']);
});

test.each(['/', '/sandbox', '/dashboard'])('has nothing at %s where the pages are off', async (path) => {
  const without = await startVault();
  try {
    const answers = await Promise.all(
      ['GET', 'POST'].map((method) => send(without.url + path, { method, headers: { accept: 'text/html' } })),
    );

    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(answers.map(({ text }) => JSON.parse(text).errors[0].message)).toEqual(
      Array(2).fill('There is nothing at this address.'),
    );
  } finally {
    await without.close();
  }
});
