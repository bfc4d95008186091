import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePrivateFile } from '../../src/shared/private-files.js';

const folders: string[] = [];

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vault-private-'));
  folders.push(folder);
  return folder;
}

test('writes a file for its owner alone, with its folder', async () => {
  const path = join(await aFolder(), 'new', 'api-key');

  await writePrivateFile(path, 'one\n');
  await writePrivateFile(path, 'two\n');

  expect([(await stat(path)).mode & 0o777, await readFile(path, 'utf8')]).toEqual([0o600, 'two\n']);
  expect(await readdir(join(path, '..'))).toEqual(['api-key']);
});

test.each(['elsewhere/api-key', '../link-to-link'])(
  'writes through a symbolic link to %s',
  async (target) => {
    const folder = await aFolder();
    await mkdir(join(folder, 'data'));
    await mkdir(join(folder, 'data/elsewhere'));
    await writeFile(join(folder, 'data/elsewhere/api-key'), 'old');
    await symlink('data/elsewhere/api-key', join(folder, 'link-to-link'));
    const path = join(folder, 'data', 'api-key');
    await symlink(target, path);

    await writePrivateFile(path, 'new');

    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, 'data/elsewhere/api-key'), 'utf8')).toBe('new');
    expect(await readlink(path)).toBe(target);
    expect(await readdir(join(folder, 'data/elsewhere'))).toEqual(['api-key']);
  },
);

test('refuses a symbolic link to nothing, and leaves it', async () => {
  const folder = await aFolder();
  const path = join(folder, 'api-key');
  await symlink('missing', path);

  const written = writePrivateFile(path, 'new');

  await expect(written).rejects.toThrow(
    `${path} is a symbolic link to ${folder}/missing, which is not there.`,
  );
  expect(await readlink(path)).toBe('missing');
  expect(await readdir(folder)).toEqual(['api-key']);
});
