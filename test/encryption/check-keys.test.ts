import { randomBytes } from 'node:crypto';
import { Database } from '../../src/db/database.js';
import { applyMigrations } from '../../src/db/migrations.js';
import {
  assertKeyEncryptionKeys,
  checkKeyEncryptionKeys,
  isUnsealed,
  rememberKeys,
  WrongKeys,
} from '../../src/encryption/check-keys.js';
import { merchantKeyStore } from '../../src/encryption/merchant-key-store.js';
import { createFirstMerchant } from '../../src/merchants/create-merchant.js';
import { KeyEncryptionKeys } from '../../src/sealing/key-encryption-keys.js';
import { Keyring } from '../../src/sealing/keyring.js';
import { IdGenerator } from '../../src/shared/id.js';
import { emptyDatabaseUrl, serverUrlOf } from '../support/database.js';

const sandbox = { name: 'Sandbox merchant', mode: 'test' } as const;
const opened: Database[] = [];
const now = () => new Date('2026-03-01T00:00:00.000Z');
const [first, second] = [randomBytes(32), randomBytes(32)];

afterAll(() => Promise.all(opened.map((database) => database.close())));

async function anEmptyVault(): Promise<Database> {
  const url = await emptyDatabaseUrl();
  await applyMigrations(url, 'prisma/migrations');
  const database = new Database({ url: serverUrlOf(url), poolSize: 2, lanes: 1 });
  opened.push(database);
  return database;
}

function keysOf(current: string, ...entries: [string, Buffer][]): KeyEncryptionKeys {
  return new KeyEncryptionKeys(current, new Map(entries));
}

/** Makes the first merchant; resolves to what was kept and what was returned. */
async function makeFirstMerchant(db: Database, keys: KeyEncryptionKeys) {
  const kept: string[] = [];
  const keyring = new Keyring(keys, merchantKeyStore(db));
  const making = { db, keyring, ids: new IdGenerator(now), now };
  const returned = await createFirstMerchant(making, sandbox, async (key) => void kept.push(key));
  return { kept, returned: returned?.key ?? null };
}

test('takes the keys that a database was sealed with, again and again', async () => {
  const db = await anEmptyVault();
  const keys = keysOf('k1', ['k1', first]);

  const before = await isUnsealed(db);
  await checkKeyEncryptionKeys(db, keys, now());
  await checkKeyEncryptionKeys(db, keys, now());

  expect(before).toBe(true);
  expect(await isUnsealed(db)).toBe(false);
});

test('refuses another key under a known id', async () => {
  const db = await anEmptyVault();
  await rememberKeys(db, keysOf('k1', ['k1', first]), now());

  const check = checkKeyEncryptionKeys(db, keysOf('k1', ['k1', second]), now());

  await expect(check).rejects.toEqual(
    new WrongKeys('The key-encryption key "k1" is not the one that this database was sealed with.'),
  );
});

test('looks at keys without remembering them, and refuses wrong ones all the same', async () => {
  const db = await anEmptyVault();
  await assertKeyEncryptionKeys(db, keysOf('k1', ['k1', first]));
  const after = await isUnsealed(db);
  await rememberKeys(db, keysOf('k1', ['k1', first]), now());

  const check = assertKeyEncryptionKeys(db, keysOf('k1', ['k1', second]));

  expect(after).toBe(true);
  await expect(check).rejects.toThrow('"k1" is not the one');
});

test('refuses keys without one that a merchant needs', async () => {
  const db = await anEmptyVault();
  const keys = keysOf('k1', ['k1', first]);
  await checkKeyEncryptionKeys(db, keys, now());
  await makeFirstMerchant(db, keys);

  const check = checkKeyEncryptionKeys(db, keysOf('k2', ['k2', second]), now());

  await expect(check).rejects.toEqual(new WrongKeys('The key-encryption key "k1" is in use and is missing.'));
});

test('takes a new key beside the one in use', async () => {
  const db = await anEmptyVault();
  const keys = keysOf('k1', ['k1', first]);
  await checkKeyEncryptionKeys(db, keys, now());
  await makeFirstMerchant(db, keys);

  await checkKeyEncryptionKeys(db, keysOf('k2', ['k1', first], ['k2', second]), now());

  const check = checkKeyEncryptionKeys(db, keysOf('k2', ['k1', first], ['k2', first]), now());
  await expect(check).rejects.toThrow('"k2" is not the one');
});

test('makes the first merchant once, however many servers start at once', async () => {
  const db = await anEmptyVault();
  const keys = keysOf('k1', ['k1', first]);
  await checkKeyEncryptionKeys(db, keys, now());

  const made = await Promise.all([1, 2].map(() => makeFirstMerchant(db, keys)));

  const [winner, loser] = made[0]?.returned ? made : made.toReversed();
  expect(winner?.kept).toEqual([winner?.returned]);
  expect(winner?.returned).toMatch(/^sk_test_/);
  expect(loser).toEqual({ kept: [], returned: null });
  expect(await db.models((prisma) => prisma.merchant.count())).toBe(1);
});

test('makes no merchant when its key cannot be kept', async () => {
  const db = await anEmptyVault();
  const keys = keysOf('k1', ['k1', first]);
  await checkKeyEncryptionKeys(db, keys, now());
  const making = { db, keyring: new Keyring(keys, merchantKeyStore(db)), ids: new IdGenerator(now), now };

  const created = createFirstMerchant(making, sandbox, () => Promise.reject(new Error('The disk is full.')));

  await expect(created).rejects.toThrow('The disk is full.');
  expect(await db.models((prisma) => prisma.merchant.count())).toBe(0);
});
