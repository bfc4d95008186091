import { readdir } from 'node:fs/promises';
import { getIntrospectionQuery } from 'graphql';
import { aDataDirectory, ChildServer, removeDataDirectories } from '../support/child-server.js';
import { json } from '../support/command-line.js';
import { postJson, send } from '../support/http.js';
import { startVault, type TestVault } from '../support/vault.js';

const origin = 'https://shop.example';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ settings: { production: true, corsOrigins: [origin] } });
});

afterAll(async () => {
  await vault.close();
  await removeDataDirectories();
});

test.each([
  getIntrospectionQuery(),
  '{ __type(name: "Customer") { name } }',
  '{ ...A } fragment A on Query { __schema { types { name } } }',
])('answers no introspection in production', async (query) => {
  const answer = await vault.owner.execute(query);

  expect([answer.status, answer.body.data]).toEqual([400, undefined]);
  expect(answer.body.errors).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        message: 'Introspection is off.',
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      }),
    ]),
  );
});

test('still tells the name of a type in production', async () => {
  const answer = await vault.owner.execute('{ customers { __typename } }');

  expect(answer.expectData()).toEqual({ customers: { __typename: 'CustomerConnection' } });
});

test.each([
  '{ custommers { totalCount } }',
  '{ customers(frist: 1) { totalCount } }',
  '{ customers { totalCout } }',
  '{ ... on Custommer { id } }',
])('suggests nothing for %s in production', async (query) => {
  const [hidden, shown] = await Promise.all([vault.owner.execute(query), developer(query)]);

  expect(hidden.status).toBe(400);
  expect(JSON.stringify(hidden.body)).not.toMatch(/did you mean/i);
  expect(shown).toMatch(/did you mean/i);
});

/** What a server that is not in production answers. */
async function developer(query: string): Promise<string> {
  const open = await startVault();
  try {
    return JSON.stringify((await open.owner.execute(query)).body);
  } finally {
    await open.close();
  }
}

test.each([
  ['/', 404],
  ['/sandbox', 404],
  ['/dashboard', 404],
  ['/graphql', 400],
])('shows a browser no page at %s in production', async (path, status) => {
  const answer = await send(vault.url + path, { headers: { accept: 'text/html' } });

  expect([answer.status, answer.headers['content-type']]).toEqual([
    status,
    'application/json; charset=utf-8',
  ]);
  expect(answer.text).not.toMatch(/<html|sandbox/i);
});

test('lets the origins of its list read answers, and no others', async () => {
  const allowed = await Promise.all(
    [
      origin,
      'https://studio.apollographql.com',
      'https://evil.example',
      'null',
      'https://shop.example.evil.example',
    ].map(
      async (from) =>
        (await postJson(vault.url, '{"query":"{__typename}"}', { origin: from })).headers[
          'access-control-allow-origin'
        ],
    ),
  );

  expect(allowed).toEqual([origin, undefined, undefined, undefined, undefined]);
});

test('answers the preflight of an origin of its list', async () => {
  const answer = await send(`${vault.url}/graphql`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  });

  expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([204, origin]);
  expect(answer.headers['access-control-allow-headers']).toBe('authorization');
  expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
});

test('answers a preflight with 405 and what may be done where no origin is configured', async () => {
  const closed = await startVault({ settings: { production: true, corsOrigins: [] } });
  try {
    const { status, headers, text } = await send(`${closed.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });

    expect([status, headers['allow']]).toEqual([405, 'GET, POST']);
    expect(JSON.parse(text).errors[0].extensions.code).toBe('BAD_USER_INPUT');
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  } finally {
    await closed.close();
  }
});

test('does not start in production on a database and a provider that nobody asked for', async () => {
  const { code, stderr } = await new ChildServer({ NODE_ENV: 'production' }).end();

  expect(code).toBe(1);
  expect(stderr).toMatch(/^DATABASE_URL must be given in production/m);
  expect(stderr).toMatch(/^VAULT_TOKENIZATION must be given in production/m);
});

const embedded = {
  NODE_ENV: 'production',
  VAULT_DATABASE: 'embedded',
  VAULT_TOKENIZATION: 'sandbox',
};

test('starts in production on the embedded database when it is asked for by name', async () => {
  const environment = { ...embedded, VAULT_DATA_DIR: await aDataDirectory() };
  const server = new ChildServer(environment);
  try {
    const url = await server.ready();
    const { key } = await json({ VAULT_DATA_DIR: environment.VAULT_DATA_DIR }, 'init');
    const headers = { authorization: `Bearer ${key}` };

    const [data, schema] = await Promise.all(
      ['{ customers { totalCount } }', '{ __schema { types { name } } }'].map((query) =>
        postJson(url, JSON.stringify({ query }), headers),
      ),
    );

    expect([data?.status, schema?.status]).toEqual([200, 400]);
    expect(server.stdout).not.toContain('sk_');
    expect(await readdir(environment.VAULT_DATA_DIR)).not.toContain('api-key');
  } finally {
    await server.stop();
  }
});

test.each([
  ['off', 404, 'It answers at http://127.0.0.1:PORT/graphql'],
  ['on', 200, 'Explore it at http://127.0.0.1:PORT/'],
])(
  'prints no key in an address in production, and leads to pages where they are: %s',
  async (dashboard, status, sentence) => {
    const server = new ChildServer({
      ...embedded,
      VAULT_DASHBOARD: dashboard,
      VAULT_DATA_DIR: await aDataDirectory(),
    });
    try {
      const url = await server.ready();

      const answers = await Promise.all(
        ['/', '/sandbox', '/dashboard'].map((path) =>
          send(url + path, { headers: { accept: 'text/html', host: 'vault.example.com' } }),
        ),
      );

      expect(answers.map((answer) => answer.status)).toEqual([status, status, status]);
      expect(server.announcedLink).toBeNull();
      expect(server.stdout.replace(/:\d+\//, ':PORT/').split('\n')).toContain(
        `Customer Vault is ready. ${sentence}`,
      );
    } finally {
      await server.stop();
    }
  },
);
