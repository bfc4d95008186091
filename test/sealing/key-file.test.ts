import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyFile, readKeyFile } from '../../src/sealing/key-file.js';
import { COUNTING_KEY } from './factories.js';

const BASE64 = COUNTING_KEY.toString('base64');
const folders: string[] = [];

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

test('a key file that was made holds one random key of 32 bytes, which is current', async () => {
  const path = join(await aFolder(), 'keys.json');

  const made = await createKeyFile(path);

  const read = await readKeyFile(path);
  expect(made.ids).toEqual([expect.stringMatching(/^[0-9a-f]{8}$/)]);
  expect(made.current).toBe(made.ids[0]);
  expect(read.ids).toEqual(made.ids);
  expect(read.keyOf(read.current)).toEqual(made.keyOf(made.current));
  expect(read.keyOf(read.current)).toHaveLength(32);
});

test('two key files that were made have different keys', async () => {
  const folder = await aFolder();

  const [one, other] = await Promise.all([
    createKeyFile(join(folder, 'one')),
    createKeyFile(join(folder, 'other')),
  ]);

  expect(one.keyOf(one.current)).not.toEqual(other.keyOf(other.current));
});

test('a key file that was made is for its owner alone, and nothing is left beside it', async () => {
  const folder = await aFolder();

  await createKeyFile(join(folder, 'keys.json'));

  expect((await stat(join(folder, 'keys.json'))).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['keys.json']);
});

test('making a key file leaves one that exists as it is', async () => {
  const folder = await aFolder();
  const path = await aKeyFile({ folder, text: 'precious' });

  await expect(createKeyFile(path)).rejects.toMatchObject({
    name: 'KeyFileError',
    fault: 'EXISTS',
    message: `The key file ${path} exists already and was left as it is.`,
  });

  expect(await readFile(path, 'utf8')).toBe('precious');
  expect(await readdir(folder)).toEqual(['keys.json']);
});

test('of many that make the same key file at once exactly one succeeds, and its key is the one that stays', async () => {
  const folder = await aFolder();
  const path = join(folder, 'keys.json');

  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => createKeyFile(path)));

  const made = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  expect(made.map((keys) => keys.current)).toEqual([(await readKeyFile(path)).current]);
  expect(refused.map((error: { fault: string }) => error.fault)).toEqual(Array(7).fill('EXISTS'));
  expect(await readdir(folder)).toEqual(['keys.json']);
});

test('what a crash left half written is no key file and does not stand in the way', async () => {
  const folder = await aFolder();
  const path = join(folder, 'keys.json');
  await aKeyFile({ folder, name: 'keys.json.0a1b2c3d.tmp', text: '{ "current": "a", "ke' });

  await expect(readKeyFile(path)).rejects.toMatchObject({ fault: 'MISSING' });
  await createKeyFile(path);

  expect((await readKeyFile(path)).ids).toHaveLength(1);
});

test('a key file cannot be made where its folder is missing', async () => {
  const path = join(await aFolder(), 'nowhere', 'keys.json');

  await expect(createKeyFile(path)).rejects.toMatchObject({
    fault: 'UNWRITABLE',
    message: `The key file ${path} cannot be written (ENOENT).`,
  });
});

test('a key file that does not exist is missing', async () => {
  const path = join(await aFolder(), 'keys.json');

  await expect(readKeyFile(path)).rejects.toMatchObject({
    name: 'KeyFileError',
    fault: 'MISSING',
    message: `The key file ${path} does not exist.`,
  });
});

test('a folder is no key file', async () => {
  const path = join(await aFolder(), 'keys.json');
  await mkdir(path, { mode: 0o700 });

  await expect(readKeyFile(path)).rejects.toMatchObject({
    fault: 'UNREADABLE',
    message: `The key file ${path} cannot be read (EISDIR).`,
  });
});

test.each([0o640, 0o604, 0o620, 0o602, 0o610, 0o601])(
  'a key file of mode %i, open to others than its owner, is refused',
  async (mode) => {
    const path = await aKeyFile({ folder: await aFolder(), mode });

    await expect(readKeyFile(path)).rejects.toMatchObject({
      fault: 'EXPOSED',
      message: `The key file ${path} is open to others than its owner: chmod 600 it.`,
    });
  },
);

test('a key file that even its owner may only read is fine', async () => {
  const path = await aKeyFile({ folder: await aFolder(), mode: 0o400 });

  expect((await readKeyFile(path)).keyOf('a')).toEqual(COUNTING_KEY);
});

test('a key file that is not as it should be is refused with its name and what is wrong', async () => {
  const path = await aKeyFile({ folder: await aFolder(), text: BASE64 });

  await expect(readKeyFile(path)).rejects.toMatchObject({
    fault: 'MALFORMED',
    message: `The key file ${path} cannot be used: It is not JSON.`,
  });
});

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vault-key-file-'));
  folders.push(folder);
  return folder;
}

async function aKeyFile(given: {
  readonly folder: string;
  readonly name?: string;
  readonly text?: string;
  readonly mode?: number;
}): Promise<string> {
  const path = join(given.folder, given.name ?? 'keys.json');
  await writeFile(path, given.text ?? JSON.stringify({ current: 'a', keys: { a: BASE64 } }));
  // Not writeFile's own mode: the umask would take bits away from it.
  await chmod(path, given.mode ?? 0o600);
  return path;
}
