import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../support/client.js';
import { aCustomer } from '../support/factories.js';
import { postJson, type RawAnswer, send } from '../support/http.js';
import { aKey, aSession } from '../support/keys.js';
import { startVault, type TestVault, type TestVaultOptions } from '../support/vault.js';

const body = JSON.stringify({ query: '{ __typename }' });
// Only where a Redis is at hand; the rest of the behaviour is the same.
const redisUrls = [null, ...(process.env['TEST_REDIS_URL'] ? [process.env['TEST_REDIS_URL']] : [])];

async function within<Value>(
  limits: object,
  work: (vault: TestVault) => Promise<Value>,
  settings: TestVaultOptions['settings'] = {},
): Promise<Value> {
  const vault = await startVault({ limits, settings });
  // Connecting takes a moment; until then each server counts for itself.
  await sleep(200);
  try {
    return await work(vault);
  } finally {
    await vault.close();
  }
}

async function sendMany(url: string, headers: object, count: number): Promise<RawAnswer[]> {
  const answers = [];
  for (let sent = 0; sent < count; sent += 1) answers.push(await postJson(url, body, { ...headers }));
  return answers;
}

const statusesOf = (answers: readonly RawAnswer[]) => answers.map(({ status }) => status);

test.each(redisUrls)('lets a key send its burst and then asks it to wait (%s)', async (redisUrl) => {
  await within({ perSecond: 2, burst: 4, redisUrl }, async (vault) => {
    const { headers } = await aKey(vault);
    const answers = await sendMany(vault.url, headers, 6);
    const refused = answers.at(-1);
    const seconds = Number(refused?.headers['retry-after']);
    await sleep(seconds * 1_000);

    const later = await postJson(vault.url, body, headers);

    expect(statusesOf(answers)).toEqual([200, 200, 200, 200, 429, 429]);
    expect(answers.map((answer) => answer.headers['ratelimit'])).toEqual([
      expect.stringMatching(/^"key";r=3;t=[12]$/),
      expect.stringMatching(/^"key";r=2;t=[12]$/),
      expect.stringMatching(/^"key";r=1;t=[12]$/),
      expect.stringMatching(/^"key";r=0;t=[12]$/),
      expect.stringMatching(/^"key";r=0;t=[12]$/),
      expect.stringMatching(/^"key";r=0;t=[12]$/),
    ]);
    expect(answers[0]?.headers['ratelimit-policy']).toBe('"key";q=4;w=2');
    expect(JSON.parse(refused?.text ?? '')).toEqual({
      errors: [{ message: 'Too many requests. Wait a while.', extensions: { code: 'RATE_LIMITED' } }],
      extensions: { requestId: refused?.headers['x-request-id'] },
    });
    expect(later.status).toBe(200);
  });
});

test('counts each key for itself', async () => {
  await within({ perSecond: 2, burst: 2 }, async (vault) => {
    const [busy, quiet] = [await aKey(vault), await aKey(vault)];

    const busys = await sendMany(vault.url, busy.headers, 3);
    const quiets = await sendMany(vault.url, quiet.headers, 1);

    expect([statusesOf(busys), statusesOf(quiets)]).toEqual([[200, 200, 429], [200]]);
  });
});

/** What each answer says is left. */
const remainingOf = (answers: readonly RawAnswer[]) =>
  answers.map(({ headers }) => Number(/r=(\d+)/.exec(String(headers['ratelimit']))?.[1]));

test.each(redisUrls)(
  'counts a session for the key that made it, and gives it a tenth of that (%s)',
  async (redisUrl) => {
    await within({ perSecond: 1, burst: 30, redisUrl }, async (vault) => {
      const { headers } = await aKey(vault);
      const maker = new Client(vault.url, headers);
      const { id: customerId } = await aCustomer(maker);
      const tokens = [];
      for (let made = 0; made < 9; made += 1) {
        const { token } = await aSession(vault, maker, { customerId });
        tokens.push({ authorization: `Bearer ${token}` });
      }
      const [one = {}, ...others] = tokens;

      const ones = await sendMany(vault.url, one, 5);
      const keys = await sendMany(vault.url, headers, 1);
      const more = [];
      for (const other of others) more.push(...(await sendMany(vault.url, other, 2)));
      const last = await sendMany(vault.url, headers, 1);
      const stranger = await sendMany(vault.url, (await aKey(vault)).headers, 1);

      // The session's own budget is the tighter one at first; what it refuses is not taken from the key.
      expect(statusesOf(ones)).toEqual([200, 200, 200, 429, 429]);
      expect(ones.map(({ headers: got }) => String(got['ratelimit']).split(';t=')[0])).toEqual(
        [2, 1, 0, 0, 0].map((left) => `"session";r=${left}`),
      );
      expect(ones[0]?.headers['ratelimit-policy']).toBe('"key";q=30;w=30, "session";q=3;w=30');
      // Ten requests made the customer and the sessions; 30 - 10 - 3 - 1 are left.
      expect(remainingOf(keys)).toEqual([16]);
      expect(statusesOf(more)).toEqual(new Array(16).fill(200));
      expect(more.at(-1)?.headers['ratelimit']).toMatch(/^"key";r=0;/);
      expect(statusesOf([...last, ...stranger])).toEqual([429, 200]);
    });
  },
);

test.each(redisUrls)('slows down who guesses keys, and nobody who has one (%s)', async (redisUrl) => {
  await within({ wrongKeysPerMinute: 3, redisUrl }, async (vault) => {
    const { key, headers } = await aKey(vault);
    const wrong = { authorization: `Bearer ${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}` };
    const mistyped = { authorization: 'Bearer sk_test_nonsense' };

    const first = await sendMany(vault.url, wrong, 2);
    const more = await sendMany(vault.url, mistyped, 3);
    const right = await sendMany(vault.url, headers, 2);
    const none = await sendMany(vault.url, {}, 1);

    // Each of these asks only for __typename, which needs no key.
    expect(statusesOf(first)).toEqual([200, 200]);
    expect(statusesOf(more)).toEqual([200, 429, 429]);
    expect(Number(more[2]?.headers['retry-after'])).toBeGreaterThan(50);
    expect([...statusesOf(right), ...statusesOf(none)]).toEqual([200, 200, 200]);
  });
});

/** What a proxy sends for guesses from these addresses: the last one is that of its own client. */
function guessesFrom(addresses: readonly string[]): object[] {
  return addresses.map((address) => ({
    authorization: 'Bearer sk_test_nonsense',
    'x-forwarded-for': `10.9.9.9, ${address}`,
  }));
}

test.each<[string, string[], number[]]>([
  ['the client that a trusted proxy names', ['127.0.0.1'], [200, 200, 429]],
  ['the connection where the proxy is not trusted', ['192.0.2.1'], [200, 429, 429]],
  ['the connection by default', [], [200, 429, 429]],
])('counts wrong keys by the address of %s', async (_, trustedProxies, expected) => {
  const work = async (vault: TestVault) => {
    const statuses = [];
    for (const headers of guessesFrom(['198.51.100.1', '198.51.100.2', '198.51.100.2']))
      statuses.push(...statusesOf(await sendMany(vault.url, headers, 1)));

    expect(statuses).toEqual(expected);
  };
  await within({ wrongKeysPerMinute: 1 }, work, { trustedProxies });
});

test.each(redisUrls)('counts requests without a key by address, and no others (%s)', async (redisUrl) => {
  await within({ anonymousPerSecond: 1, anonymousBurst: 10, redisUrl }, async (vault) => {
    const { headers } = await aKey(vault);
    const statuses = statusesOf(await sendMany(vault.url, {}, 11));

    const refused = await postJson(vault.url, 'this is not JSON');
    const right = await sendMany(vault.url, headers, 2);
    const probes = await Promise.all(
      ['/healthz', '/readyz', '/metrics'].map((path) => send(vault.url + path)),
    );

    expect(statuses).toEqual([...Array(10).fill(200), 429]);
    expect([refused.status, JSON.parse(refused.text).errors[0].extensions.code]).toEqual([
      429,
      'RATE_LIMITED',
    ]);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect([...statusesOf(right), ...statusesOf(probes)]).toEqual([200, 200, 200, 200, 200]);
  });
});

test.each<[string, string, number]>([
  ['one IPv6 network', '2001:db8:1:2::1, 2001:db8:1:2:ffff::9', 429],
  ['two IPv6 networks', '2001:db8:1:2::1, 2001:db8:1:3::1', 200],
  ['one IPv4 address in two forms', '192.0.2.1, ::ffff:192.0.2.1', 429],
])('takes %s for what it is', async (_, addresses, expected) => {
  const work = async (vault: TestVault) => {
    const statuses = [];
    for (const address of addresses.split(', '))
      statuses.push(...statusesOf(await sendMany(vault.url, { 'x-forwarded-for': address }, 1)));

    expect(statuses).toEqual([200, expected]);
  };
  await within({ anonymousPerSecond: 1, anonymousBurst: 1 }, work, { trustedProxies: ['127.0.0.1'] });
});

test('goes on in memory while Redis does not answer', async () => {
  await within({ perSecond: 2, burst: 2, redisUrl: 'redis://127.0.0.1:1' }, async (vault) => {
    const { headers } = await aKey(vault);

    const answers = await sendMany(vault.url, headers, 3);

    expect(statusesOf(answers)).toEqual([200, 200, 429]);
    expect(vault.logged()).toContain('Redis does not answer');
  });
});

test('refuses before it reads the body', async () => {
  await within({ perSecond: 1, burst: 1 }, async (vault) => {
    const { headers } = await aKey(vault);
    await sendMany(vault.url, headers, 1);

    const answer = await postJson(vault.url, 'this is not JSON', headers);

    expect(answer.status).toBe(429);
  });
});
