import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readKeptKey } from '../../src/api-keys/kept-key.js';

const id = '64afab5b1f6d1b2c3d4e5f60';
const merchantId = '64afab5b1f6d1b2c3d4e5f61';
const secret = 'a'.repeat(43);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vault-kept-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function kept(text: string): Promise<string | null> {
  const path = join(folder, 'api-key');
  await writeFile(path, text);
  return readKeptKey(path);
}

test.each([`sk_test_${merchantId}_${id}_${secret}`, `sk_test_${id}_${secret}`])(
  'reads the key %s that a start has kept',
  async (key) => {
    expect(await kept(`${key}\n`)).toBe(key);
  },
);

test.each([
  '',
  'canary',
  `sk_test_${id}_${secret}&more`,
  `sk_test_${id}_${secret}\nsk_test_${id}_${secret}`,
  `cs_test_${merchantId}_${id}_${secret}`,
])('takes %j for no key', async (text) => {
  expect(await kept(text)).toBeNull();
});
