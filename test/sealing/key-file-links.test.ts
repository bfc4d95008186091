import {
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCurrentKey, removeKey } from '../../src/sealing/change-key-file.js';
import { createKeyFile, readKeyFile } from '../../src/sealing/key-file.js';

const folders: string[] = [];

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** A folder with a key file elsewhere and a link to it. */
async function aLinkedKeyFile() {
  const folder = await mkdtemp(join(tmpdir(), 'vault-key-link-'));
  folders.push(folder);
  const file = join(folder, 'elsewhere', 'real.json');
  const path = join(folder, 'keys.json');
  await mkdir(join(folder, 'elsewhere'));
  const { current } = await createKeyFile(file);
  await symlink('elsewhere/real.json', path);
  return { folder, file, path, current };
}

test('changes the file that a link leads to, and keeps the link', async () => {
  const { folder, file, path, current } = await aLinkedKeyFile();

  const added = await addCurrentKey(path);
  const removed = await removeKey(path, current);

  expect(added.ids).toHaveLength(2);
  expect(removed.ids).toEqual([added.current]);
  expect((await lstat(path)).isSymbolicLink()).toBe(true);
  expect((await readKeyFile(file)).ids).toEqual([added.current]);
  expect((await lstat(file)).mode & 0o777).toBe(0o600);
  expect([await readdir(folder), await readdir(join(folder, 'elsewhere'))]).toEqual([
    ['elsewhere', 'keys.json'],
    ['real.json'],
  ]);
});

test('refuses to change a key file that Kubernetes keeps, of which a change would be lost', async () => {
  const { folder, file, path } = await aLinkedKeyFile();
  await rename(join(folder, 'elsewhere'), join(folder, '..2026_11_28'));
  await symlink('..2026_11_28', join(folder, '..data'));
  await rm(path);
  await symlink('..data/real.json', path);
  const real = file.replace('elsewhere', '..2026_11_28');
  const before = await readFile(real, 'utf8');

  const changed = addCurrentKey(path);

  await expect(changed).rejects.toMatchObject({
    fault: 'UNWRITABLE',
    message: `The key file ${path} cannot be changed: ${path} is kept by Kubernetes: change the secret that it comes from.`,
  });
  expect((await readKeyFile(path)).ids).toHaveLength(1);
  expect([await readFile(real, 'utf8'), await readlink(path)]).toEqual([before, '..data/real.json']);
});

test('a link to nothing is unreadable and not missing, so that no other key is made in its place', async () => {
  const { folder, path } = await aLinkedKeyFile();
  await rm(join(folder, 'elsewhere'), { recursive: true });

  const sentence = `${path} is a symbolic link to ${folder}/elsewhere/real.json, which is not there.`;
  await expect(readKeyFile(path)).rejects.toMatchObject({
    fault: 'UNREADABLE',
    message: `The key file cannot be read: ${sentence}`,
  });
  await expect(createKeyFile(path)).rejects.toMatchObject({
    fault: 'UNWRITABLE',
    message: `The key file cannot be made: ${sentence}`,
  });
  expect(await readdir(folder)).toEqual(['keys.json']);
});

test('making a key file leaves one that a link leads to as it is', async () => {
  const { file, path } = await aLinkedKeyFile();
  const before = await readFile(file, 'utf8');

  await expect(createKeyFile(path)).rejects.toMatchObject({ fault: 'EXISTS' });

  expect([await readFile(file, 'utf8'), await readlink(path)]).toEqual([before, 'elsewhere/real.json']);
});

// Only root can give a file away.
const isRoot = process.getuid?.() === 0;

test('a changed key file still belongs to whom it belonged', async () => {
  const { file, path } = await aLinkedKeyFile();
  const owner = isRoot ? 65_534 : (process.getuid?.() ?? 0);
  if (isRoot) await chown(file, owner, owner);

  await addCurrentKey(path);

  expect((await stat(file)).uid).toBe(owner);
});
