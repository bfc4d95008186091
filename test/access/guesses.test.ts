import { setTimeout as sleep } from 'node:timers/promises';
import { aCustomer } from '../support/factories.js';
import { postJson } from '../support/http.js';
import { callerWith, makeKey, revoke, rotated, statusOf } from '../support/key-calls.js';
import { aKey, aSession, type MadeKey } from '../support/keys.js';
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

/** A wrong secret of a key or session, as it was named before credentials named their merchants, or with a merchant. */
const wrongKey = (id: string, prefix = 'sk_test') => `${prefix}_${id}_${'A'.repeat(43)}`;
const wrongKeyOf = (merchantId: string, id: string, prefix?: string) =>
  wrongKey(`${merchantId}_${id}`, prefix);

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

/** Keys, in the states that a guesser might tell apart. */
const targets: Readonly<Record<string, (vault: TestVault) => Promise<MadeKey>>> = {
  'a key that nobody uses': aKey,
  'a key that is in use': async (vault) => {
    const made = await aKey(vault);
    await statusOf(vault, made.key);
    return made;
  },
  'a key that has been rotated with an overlap': async (vault) => {
    const made = await aKey(vault);
    await rotated(callerWith(vault, made.key), made.id, 60);
    return made;
  },
  'a revoked key': async (vault) => {
    const made = await aKey(vault);
    await revoke(callerWith(vault, made.key), made.id);
    return made;
  },
};

type Guessed = Pick<MadeKey, 'merchantId' | 'id' | 'key'>;
const never: Guessed = { merchantId: NEVER, id: NEVER, key: '' };
const elsewhere = (made: Guessed) => made.key.replace(made.merchantId, NEVER);

/** The forms of a guess, and for each what it is compared with: the same guess at a key that does not exist. */
const forms: readonly (readonly [string, (made: Guessed) => string, string])[] = [
  ['by its id', ({ id }) => wrongKey(id), wrongKey(NEVER)],
  ['with its merchant', ({ merchantId, id }) => wrongKeyOf(merchantId, id), wrongKeyOf(NEVER, NEVER)],
  ['with its right secret and another merchant', elsewhere, wrongKeyOf(NEVER, NEVER)],
  [
    'with its merchant and another id',
    ({ merchantId }) => wrongKeyOf(merchantId, NEVER),
    wrongKeyOf(NEVER, NEVER),
  ],
];
// In every state with its merchant, as keys are made; in one state in every form.
const cases = Object.keys(targets).flatMap((target, index) =>
  forms
    .filter((_, form) => index === 0 || form === 1)
    .map(([form, guessOf, other]) => ({ target, form, guessOf, other })),
);

test.each(cases)(
  '$target is guessed at $form like one that does not exist',
  async ({ target, guessOf, other }) => {
    const outcomes: Awaited<ReturnType<typeof guesses>>[] = [];
    for (const keyOf of [targets[target], async () => never]) {
      await within(async (vault) => {
        const made = (await keyOf?.(vault)) ?? never;
        outcomes.push(await guesses(vault, made === never ? other : guessOf(made), BUDGET + 2));
      });
    }

    expect(outcomes[0]).toEqual(outcomes[1]);
    expect(outcomes[0]?.answers.map(({ status }) => status)).toEqual([
      ...new Array(BUDGET).fill(401),
      429,
      429,
    ]);
    expect(outcomes[0]?.lookUps).toHaveLength(BUDGET + 2);
  },
);

test.each([
  ['by its id', (id: string) => wrongKey(id, 'cs_test')],
  ['with its merchant', (id: string, merchant: string) => wrongKeyOf(merchant, id, 'cs_test')],
])('a session is guessed at %s like one that does not exist', async (_, guessOf) => {
  const outcomes: Awaited<ReturnType<typeof guesses>>[] = [];
  for (const isThere of [true, false]) {
    await within(async (vault) => {
      const { id } = await aCustomer(vault.owner);
      const session = await aSession(vault, vault.owner, { customerId: id });
      await statusOf(vault, session.token);
      const [guessed, merchant] = isThere ? [session.id, vault.ownerId] : [NEVER, NEVER];
      outcomes.push(await guesses(vault, guessOf(guessed, merchant), BUDGET + 2));
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

    const named = [...ids, existing].flatMap((id) => [wrongKey(id), wrongKeyOf(id, existing)]);
    const wrong = await Promise.all(named.map((key) => guess(vault, key)));
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

test.each<[string, (key: string) => object]>([
  ['bare', (key) => ({ authorization: key })],
  ['as the user of Basic', (key) => ({ authorization: `Basic ${btoa(`${key}:`)}` })],
  ['in a header of its own', (key) => ({ 'x-api-key': key })],
  ['with more behind it', (key) => ({ authorization: `Bearer ${key} more` })],
  ['twice in one header', (key) => ({ authorization: `Bearer ${key}, Bearer ${key}` })],
  ['nowhere behind the scheme', () => ({ authorization: 'Bearer ' })],
])('a key that is sent %s is no guess, and the answer tells the form', async (_, headersOf) => {
  await within(async (vault) => {
    const { key } = await aKey(vault);
    const { texts } = recordStatements(vault.database);
    const answers = [];
    for (let sent = 0; sent < 2 * BUDGET; sent += 1)
      answers.push(await postJson(vault.url, body, { ...headersOf(key) }));
    const lookUps = texts.length;
    const wrong = await guesses(vault, wrongKey(NEVER), BUDGET + 1);

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    for (const { text, headers } of answers) {
      expect(JSON.parse(text).errors[0].message).toContain('`Authorization: Bearer <key>`');
      expect(headers['www-authenticate']).toBe('Bearer');
    }
    expect(lookUps).toBe(0);
    expect(wrong.answers.map(({ status }) => status)).toEqual([...new Array(BUDGET).fill(401), 429]);
  });
});

test.each([
  ['two blanks', '  '],
  ['a tab', '\t'],
])('a wrong key behind %s is a guess, and a right one is none', async (_, blanks) => {
  await within(async (vault) => {
    const { key } = await aKey(vault);
    const ask = (sent: string) => postJson(vault.url, body, { authorization: `Bearer${blanks}${sent}` });
    const statuses = async (sent: string) => {
      const got = [];
      for (let count = 0; count < BUDGET + 1; count += 1) got.push((await ask(sent)).status);
      return got;
    };

    const right = await statuses(key);
    const wrong = await statuses(wrongKey(NEVER));

    expect(right).toEqual(new Array(BUDGET + 1).fill(200));
    expect(wrong).toEqual([...new Array(BUDGET).fill(401), 429]);
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
