import { KeyEncryptionKeys } from '../../src/sealing/key-encryption-keys.js';
import { wrapMerchantKey } from '../../src/sealing/key-wrapping.js';
import { Keyring, type MerchantKeyStore, type WrappedMerchantKey } from '../../src/sealing/keyring.js';
import { aPlace, COUNTING_KEY, OWNER, STRANGER, someKeyEncryptionKeys } from './factories.js';

test('a new merchant gets a first key of its own, wrapped with the current key-encryption key', () => {
  const keyring = new Keyring(someKeyEncryptionKeys('new', 'old'), aStore());

  const [owners, strangers] = [keyring.newMerchantKey(OWNER), keyring.newMerchantKey(STRANGER)];

  expect(owners).toMatchObject({ keyId: 1, kekId: 'new', current: true });
  expect(owners.wrapped).toHaveLength(77);
  expect(strangers.wrapped).not.toEqual(owners.wrapped);
});

test('what one server sealed opens on another one with the same keys and store', async () => {
  const keys = someKeyEncryptionKeys('k');
  const store = aStore({ [OWNER]: [new Keyring(keys, aStore()).newMerchantKey(OWNER)] });

  const sealing = await new Keyring(keys, store).forMerchant(OWNER);
  const opening = await new Keyring(keys, store).forMerchant(OWNER);

  expect(opening.open(aPlace(), sealing.seal(aPlace(), { name: 'Ada' }))).toEqual({ name: 'Ada' });
});

test('a key from the store is a plain Uint8Array and has older ones beside it', async () => {
  const kek = someKeyEncryptionKeys('k');
  const older = storedKey(kek.keyOf('k'), { keyId: 1, current: false });
  const store = aStore({
    [OWNER]: [storedKey(kek.keyOf('k'), { keyId: 2 }), { ...older, wrapped: new Uint8Array(older.wrapped) }],
  });

  const vault = await new Keyring(kek, store).forMerchant(OWNER);

  expect(vault.seal(aPlace(), { name: 'Ada' }).readUInt32BE(1)).toBe(2);
});

test('a merchant key wrapped with an older key-encryption key still opens', async () => {
  const old = Buffer.alloc(32, 7);
  const stored = new Keyring(new KeyEncryptionKeys('old', new Map([['old', old]])), aStore());
  const store = aStore({ [OWNER]: [stored.newMerchantKey(OWNER)] });
  const both = new Map([
    ['new', COUNTING_KEY],
    ['old', old],
  ]);

  const vault = await new Keyring(new KeyEncryptionKeys('new', both), store).forMerchant(OWNER);

  expect(vault.open(aPlace(), vault.seal(aPlace(), { name: 'Ada' }))).toEqual({ name: 'Ada' });
});

test('a merchant key that names a key-encryption key this server lacks is refused by its id', async () => {
  const store = aStore({
    [OWNER]: [new Keyring(someKeyEncryptionKeys('lost'), aStore()).newMerchantKey(OWNER)],
  });

  const loading = new Keyring(someKeyEncryptionKeys('here'), store).forMerchant(OWNER);

  await expect(loading).rejects.toMatchObject({
    name: 'UnknownKeyEncryptionKeyError',
    keyEncryptionKeyId: 'lost',
  });
});

test('a wrong key-encryption key under the right id opens nothing', async () => {
  const store = aStore({
    [OWNER]: [new Keyring(someKeyEncryptionKeys('k'), aStore()).newMerchantKey(OWNER)],
  });

  const loading = new Keyring(someKeyEncryptionKeys('k'), store).forMerchant(OWNER);

  await expect(loading).rejects.toMatchObject({ name: 'IntegrityError', fault: 'TAG' });
});

test("one merchant's wrapped key, copied to another merchant, opens nothing", async () => {
  const keys = someKeyEncryptionKeys('k');
  const store = aStore({ [STRANGER]: [new Keyring(keys, aStore()).newMerchantKey(OWNER)] });

  const loading = new Keyring(keys, store).forMerchant(STRANGER);

  await expect(loading).rejects.toMatchObject({ name: 'IntegrityError', fault: 'TAG' });
});

test('a merchant without keys has no vault', async () => {
  const loading = new Keyring(someKeyEncryptionKeys('k'), aStore()).forMerchant(OWNER);

  await expect(loading).rejects.toThrow('A merchant needs at least one key, exactly one of them current.');
});

test('callers who wait for one merchant at once share one load and one vault', async () => {
  const keys = someKeyEncryptionKeys('k');
  const store = aStore({ [OWNER]: [new Keyring(keys, aStore()).newMerchantKey(OWNER)] });
  const keyring = new Keyring(keys, store);

  const vaults = await Promise.all(Array.from({ length: 20 }, () => keyring.forMerchant(OWNER)));

  expect(new Set(vaults).size).toBe(1);
  expect(store.asked).toEqual([OWNER]);
});

test('a load that failed is tried again, and all who waited for it hear of it', async () => {
  const keys = someKeyEncryptionKeys('k');
  const store = aStore({ [OWNER]: [new Keyring(keys, aStore()).newMerchantKey(OWNER)] });
  const keyring = new Keyring(keys, failingOnce(store));

  const failed = await Promise.allSettled([keyring.forMerchant(OWNER), keyring.forMerchant(OWNER)]);
  const vault = await keyring.forMerchant(OWNER);

  expect(failed.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
  expect(vault.hash('email', 'ada@example.com')).toHaveLength(32);
  expect(store.asked).toEqual([OWNER]);
});

test('only the last used merchants are remembered, as many as were allowed', async () => {
  const keys = someKeyEncryptionKeys('k');
  const wrapping = new Keyring(keys, aStore());
  const store = aStore(Object.fromEntries(['a', 'b', 'c'].map((id) => [id, [wrapping.newMerchantKey(id)]])));
  const keyring = new Keyring(keys, store, { maxMerchants: 2 });

  for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) await keyring.forMerchant(id);

  expect(store.asked).toEqual(['a', 'b', 'c', 'b']);
});

test('a vault that has been forgotten goes on working for whoever holds it', async () => {
  const keys = someKeyEncryptionKeys('k');
  const wrapping = new Keyring(keys, aStore());
  const store = aStore({ a: [wrapping.newMerchantKey('a')], b: [wrapping.newMerchantKey('b')] });
  const keyring = new Keyring(keys, store, { maxMerchants: 1 });
  const held = await keyring.forMerchant('a');

  await keyring.forMerchant('b');

  expect(held.open(aPlace(), held.seal(aPlace(), { name: 'Ada' }))).toEqual({ name: 'Ada' });
});

function aStore(
  stored: Readonly<Record<string, readonly WrappedMerchantKey[]>> = {},
): MerchantKeyStore & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    listWrappedKeys: (merchantId) => {
      asked.push(merchantId);
      return Promise.resolve(stored[merchantId] ?? []);
    },
  };
}

/** The same store, but the first call that reaches it fails. */
function failingOnce(store: MerchantKeyStore): MerchantKeyStore {
  const failures = [new Error('The database is away.')];
  return {
    listWrappedKeys: (merchantId) => {
      const failure = failures.pop();
      return failure ? Promise.reject(failure) : store.listWrappedKeys(merchantId);
    },
  };
}

function storedKey(
  kek: Buffer,
  given: { readonly keyId: number; readonly current?: boolean },
): WrappedMerchantKey {
  const wrapped = wrapMerchantKey(
    kek,
    { merchantId: OWNER, keyId: given.keyId },
    Buffer.alloc(32, given.keyId),
  );
  return { keyId: given.keyId, kekId: 'k', wrapped, current: given.current ?? true };
}
