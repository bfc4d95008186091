import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Database } from '../../src/db/database.js';
import { applyMigrations } from '../../src/db/migrations.js';
import { checkKeyEncryptionKeys } from '../../src/encryption/check-keys.js';
import { merchantKeyStore } from '../../src/encryption/merchant-key-store.js';
import {
  type Encryption,
  encryptionStatus,
  ensureNewKey,
  removeEncryptionKey,
  rewrapMerchantKeys,
} from '../../src/encryption/rotate-encryption.js';
import { createMerchant } from '../../src/merchants/create-merchant.js';
import { createKeyFile, readKeyFile } from '../../src/sealing/key-file.js';
import { Keyring } from '../../src/sealing/keyring.js';
import { IdGenerator } from '../../src/shared/id.js';
import { aDataDirectory, ChildServer, removeDataDirectories } from '../support/child-server.js';
import { Client } from '../support/client.js';
import { emptyDatabaseUrl, queryAs, serverUrlOf } from '../support/database.js';
import { aCustomer } from '../support/factories.js';

const now = () => new Date();
const place = { table: 'customers', rowId: 'r', customerId: 'r' };
const opened: Database[] = [];

afterAll(async () => {
  for (const database of opened) await database.close();
  await removeDataDirectories();
});

interface TestEncryption extends Encryption {
  readonly url: string;
  readonly merchants: readonly { readonly id: string; readonly key: string }[];
}

/** A database with its key file and some merchants. */
async function anEncryption(count: number): Promise<TestEncryption> {
  const url = await emptyDatabaseUrl();
  await applyMigrations(url, 'prisma/migrations');
  const db = new Database({ url: serverUrlOf(url), poolSize: 3, lanes: 1 });
  opened.push(db);
  const keyFile = join(await aDataDirectory(), '..', 'keys.json');
  const keys = await createKeyFile(keyFile);
  await checkKeyEncryptionKeys(db, keys, now());
  const making = { db, keyring: new Keyring(keys, merchantKeyStore(db)), ids: new IdGenerator(now), now };
  const merchants = [];
  for (let made = 0; made < count; made += 1)
    merchants.push(await createMerchant(making, { name: `Merchant ${made}`, mode: 'test' }));
  return { db, keyFile, now, url, merchants };
}

async function countsOf({ db, keyFile }: TestEncryption): Promise<[current: boolean, keys: number][]> {
  const keys = await encryptionStatus(db, await readKeyFile(keyFile));
  return keys.map(({ current, merchantKeys }) => [current, merchantKeys]);
}

test('rewraps every merchant with a new key, and a server that knew only the old one goes on', async () => {
  const encryption = await anEncryption(3);
  const { db, keyFile, merchants } = encryption;
  const reload = () => readKeyFile(keyFile);
  const server = new Keyring(await reload(), merchantKeyStore(db), { reload });
  const [first, second] = merchants.map(({ id }) => id);
  const known = await server.forMerchant(first ?? '');
  const blob = known.seal(place, { name: 'Ada' });

  const { isNew } = await ensureNewKey(encryption);
  const steps: [number, number][] = [];
  const rewrapped = await rewrapMerchantKeys(encryption, (done, total) => void steps.push([done, total]));

  expect([isNew, rewrapped, steps]).toEqual([
    true,
    3,
    [
      [1, 3],
      [2, 3],
      [3, 3],
    ],
  ]);
  expect(await countsOf(encryption)).toEqual([
    [false, 0],
    [true, 3],
  ]);
  expect(known.open(place, blob)).toEqual({ name: 'Ada' });
  expect((await server.forMerchant(second ?? '')).seal(place, {})).toBeInstanceOf(Buffer);
  const restarted = await new Keyring(await reload(), merchantKeyStore(db)).forMerchant(first ?? '');
  expect(restarted.open(place, blob)).toEqual({ name: 'Ada' });
});

test('goes on with the same key after an interruption', async () => {
  const encryption = await anEncryption(3);
  const { id } = await ensureNewKey(encryption);
  const interrupted = rewrapMerchantKeys(encryption, () => {
    throw new Error('interrupted');
  });
  await expect(interrupted).rejects.toThrow('interrupted');
  const halfway = await countsOf(encryption);

  const resumed = await ensureNewKey(encryption);
  const rewrapped = await rewrapMerchantKeys(encryption, () => undefined);

  expect(halfway).toEqual([
    [false, 2],
    [true, 1],
  ]);
  expect([resumed, rewrapped]).toEqual([{ id, isNew: false }, 2]);
  expect(await countsOf(encryption)).toEqual([
    [false, 0],
    [true, 3],
  ]);
});

test('makes one new key when two operators rotate at once', async () => {
  const encryption = await anEncryption(2);

  const made = await Promise.all([ensureNewKey(encryption), ensureNewKey(encryption)]);

  expect(made.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
});

test('takes only a key that nothing hangs on out of the file', async () => {
  const encryption = await anEncryption(1);
  const { keyFile } = encryption;
  const old = (await readKeyFile(keyFile)).current;
  const { id: current } = await ensureNewKey(encryption);
  const before = await readFile(keyFile, 'utf8');

  const refusals = [];
  for (const id of [old, current, 'nothing']) refusals.push(await removeEncryptionKey(encryption, id));

  expect(refusals).toEqual(['IN_USE', 'CURRENT', 'UNKNOWN']);
  expect(await readFile(keyFile, 'utf8')).toBe(before);
  await rewrapMerchantKeys(encryption, () => undefined);
  expect(await removeEncryptionKey(encryption, old)).toBeNull();
  expect((await readKeyFile(keyFile)).ids).toEqual([current]);
});

test('lets two running servers serve every merchant while the keys are rotated, and touches no customer', async () => {
  const encryption = await anEncryption(6);
  const environment = {
    DATABASE_URL: serverUrlOf(encryption.url),
    VAULT_OWNER_URL: encryption.url,
    VAULT_KEY_FILE: encryption.keyFile,
    VAULT_TOKENIZATION: 'sandbox',
  };
  const servers = [new ChildServer(environment), new ChildServer(environment)];
  try {
    const urls = await Promise.all(servers.map((server) => server.ready()));
    const clientsOf = (url: string) =>
      encryption.merchants.map(({ key }) => new Client(url, { authorization: `Bearer ${key}` }));
    const [one, other] = urls.map(clientsOf);
    for (const client of one ?? []) await aCustomer(client, { name: 'Ada Lovelace' });
    const rows = 'select xmin::text, id from customers order by id';
    const before = (await queryAs(encryption.url, rows)).rows;

    await ensureNewKey(encryption);
    // The second server has opened nothing yet: it meets wrapped keys of which it has never heard.
    const [names] = await Promise.all([
      namesOf([...(other ?? []), ...(one ?? [])]),
      rewrapMerchantKeys(encryption, () => undefined),
    ]);

    expect([...names, ...(await namesOf(other ?? []))]).toEqual(new Array(18).fill('Ada Lovelace'));
    expect((await queryAs(encryption.url, rows)).rows).toEqual(before);
    expect(await countsOf(encryption)).toEqual([
      [false, 0],
      [true, 6],
    ]);
  } finally {
    for (const server of servers) await server.stop();
  }
});

async function namesOf(clients: readonly Client[]): Promise<string[]> {
  const names = [];
  for (const client of clients) {
    const answer = await client.execute('{ customers { nodes { name } } }');
    names.push(answer.expectData().customers.nodes[0].name);
  }
  return names;
}
