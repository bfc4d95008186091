import { setTimeout as sleep } from 'node:timers/promises';
import { aCustomer } from '../support/factories.js';
import { postJson } from '../support/http.js';
import { callerWith, makeKey, revoke, rotated, statusOf } from '../support/key-calls.js';
import { aKey, aSession } from '../support/keys.js';
import { recordStatements } from '../support/statements.js';
import { startVault, type TestVault } from '../support/vault.js';

const NEVER = 'f'.repeat(24);
const BUDGET = 5;
const body = JSON.stringify({ query: '{ me { id } }' });

/** Runs with a vault of its own, where each address may send a few wrong keys. */
async function within(work: (vault: TestVault) => Promise<void>): Promise<void> {
  const vault = await startVault({ limits: { wrongKeysPerMinute: BUDGET } });
  try {
    await work(vault);
  } finally {
    await vault.close();
  }
}

const wrongKey = (id: string, prefix = 'sk_test') => `${prefix}_${id}_${'A'.repeat(43)}`;

const guess = (vault: TestVault, key: string) =>
  postJson(vault.url, body, { authorization: `Bearer ${key}` });

/** What is answered to so many guesses, one after the other, and the look-ups that they took, in order. */
async function guesses(vault: TestVault, key: string, count: number) {
  const { texts } = recordStatements(vault.database);
  const answers = [];
  for (let sent = 0; sent < count; sent += 1) {
    const { status, text, headers } = await guess(vault, key);
    const { extensions: _, ...rest } = JSON.parse(text);
    answers.push({ status, rest, retries: headers['retry-after'] !== undefined });
  }
  return { answers, lookUps: texts.map((text) => text.replace(/\s+/g, ' ')) };
}

/** Keys and sessions, in the states that a guesser might tell apart. */
const targets: Readonly<Record<string, (vault: TestVault) => Promise<string>>> = {
  'a key that nobody uses': async (vault) => wrongKey((await aKey(vault)).id),
  'a key that is in use': async (vault) => {
    const { id, key } = await aKey(vault);
    await statusOf(vault, key);
    return wrongKey(id);
  },
  'a key that has been rotated with an overlap': async (vault) => {
    const { id, key } = await aKey(vault);
    await rotated(callerWith(vault, key), id, 60);
    return wrongKey(id);
  },
  'a revoked key': async (vault) => {
    const { id, key } = await aKey(vault);
    await revoke(callerWith(vault, key), id);
    return wrongKey(id);
  },
};

test.each(Object.keys(targets))('%s is guessed at like one that does not exist', async (target) => {
  const outcomes: Awaited<ReturnType<typeof guesses>>[] = [];
  for (const keyOf of [targets[target], async () => wrongKey(NEVER)]) {
    await within(async (vault) => {
      const key = (await keyOf?.(vault)) ?? '';
      outcomes.push(await guesses(vault, key, BUDGET + 2));
    });
  }

  expect(outcomes[0]).toEqual(outcomes[1]);
  expect(outcomes[0]?.answers.map(({ status }) => status)).toEqual([
    ...new Array(BUDGET).fill(401),
    429,
    429,
  ]);
  expect(outcomes[0]?.lookUps).toHaveLength(BUDGET + 2);
});

test('a session is guessed at like one that does not exist', async () => {
  const outcomes: Awaited<ReturnType<typeof guesses>>[] = [];
  for (const isThere of [true, false]) {
    await within(async (vault) => {
      const { id } = await aCustomer(vault.owner);
      const session = await aSession(vault, vault.owner, { customerId: id });
      await statusOf(vault, session.token);
      outcomes.push(await guesses(vault, wrongKey(isThere ? session.id : NEVER, 'cs_test'), BUDGET + 2));
    });
  }

  expect(outcomes[0]).toEqual(outcomes[1]);
  expect(outcomes[0]?.answers[0]?.status).toBe(401);
});

test('beyond their budget any number of guesses share a few statements, and a right key passes', async () => {
  await within(async (vault) => {
    const ids = Array.from({ length: 200 }, (_, index) => index.toString(16).padStart(24, '0'));
    const existing = (await aKey(vault)).id;
    const right = await aKey(vault);
    await guesses(vault, wrongKey(NEVER), BUDGET + 1);
    const { texts } = recordStatements(vault.database);
    const before = performance.now();

    const wrong = await Promise.all([...ids, existing].map((id) => guess(vault, wrongKey(id))));
    const took = performance.now() - before;
    const statements = texts.length;
    const passed = await guess(vault, right.key);

    expect(new Set(wrong.map(({ status }) => status))).toEqual(new Set([429]));
    expect(statements).toBeLessThanOrEqual(took / 100 + 1);
    expect(passed.status).toBe(200);
  });
});

test('a right key is not counted, however often and however many at once it comes, and what is wrong is', async () => {
  await within(async (vault) => {
    const keys = [];
    for (let made = 0; made < 3 * BUDGET; made += 1) keys.push((await aKey(vault)).key);

    const alone = [];
    for (const key of keys) alone.push((await guess(vault, key)).status);
    const { key: popular } = await aKey(vault);
    const together = await Promise.all(new Array(30).fill(popular).map((key) => guess(vault, key)));
    const wrong = await guesses(vault, wrongKey(NEVER), BUDGET + 1);

    expect(new Set([...alone, ...together.map(({ status }) => status)])).toEqual(new Set([200]));
    expect(wrong.answers.map(({ status }) => status)).toEqual([...new Array(BUDGET).fill(401), 429]);
  });
});

test('many guesses at once take no more statements than the budget has', async () => {
  await within(async (vault) => {
    const { texts } = recordStatements(vault.database);
    const before = performance.now();

    await Promise.all(
      new Array(60).fill(0).map((_, index) => guess(vault, wrongKey(`${10 + index}`.repeat(12)))),
    );

    const shared = (performance.now() - before) / 100 + 1;
    expect(texts.length).toBeLessThanOrEqual(BUDGET + shared);
  });
});

test('a new secret works at once on a server that has just seen guesses at its key', async () => {
  const vault = await startVault({ limits: { wrongKeysPerMinute: BUDGET } });
  const other = await startVault({ keyring: vault.keyring });
  try {
    const { id, key } = await aKey(vault);
    await statusOf(vault, key);
    await guesses(vault, wrongKey(id), BUDGET + 1);

    const fresh = await rotated(callerWith(other, key), id, 60);

    expect([await statusOf(vault, fresh), await statusOf(vault, key)]).toEqual([200, 200]);
  } finally {
    await other.close();
    await vault.close();
  }
});

test('guesses do not push out a key that is known', async () => {
  await within(async (vault) => {
    const { key } = await aKey(vault);
    await statusOf(vault, key);
    const { id: made } = await makeKey(callerWith(vault, key));
    await guesses(vault, wrongKey(made), BUDGET + 1);
    const { texts } = recordStatements(vault.database);

    await statusOf(vault, key);
    const atOnce = texts.filter((text) => text.includes('access.findApiKey')).length;
    await sleep(5_100);
    const before = performance.now();
    await statusOf(vault, key);

    expect(atOnce).toBe(0);
    // It is looked up anew without waiting for the guesses' turn, and without being taken for one.
    expect(texts.filter((text) => text.includes('access.findApiKey'))).toHaveLength(1);
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});
