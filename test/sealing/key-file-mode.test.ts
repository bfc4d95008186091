import { spawnSync } from 'node:child_process';
import type { Stats } from 'node:fs';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyFile } from '../../src/sealing/key-file.js';
import { isExposed, isReadOnlyMount } from '../../src/sealing/key-file-mode.js';

const folders: string[] = [];

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vault-key-mode-'));
  folders.push(folder);
  await chmod(folder, 0o755);
  return folder;
}

/** As a process without root's rights sees a file. */
async function isExposedTo(
  process_: { uid: number; groups: number[] },
  file: { mode: number; uid: number; gid: number },
) {
  const [getuid, getgid, getgroups] = [process.getuid, process.getgid, process.getgroups];
  Object.assign(process, {
    getuid: () => process_.uid,
    getgid: () => process_.groups[0],
    getgroups: () => process_.groups,
  });
  try {
    return await isExposed('/tmp', file as Stats);
  } finally {
    Object.assign(process, { getuid, getgid, getgroups });
  }
}

const pod = { uid: 12345, groups: [12345, 777] };

test.each([
  ['0440 of root and the own group', { mode: 0o440, uid: 0, gid: 12345 }, false],
  ['0640 of root and a further group of ours', { mode: 0o640, uid: 0, gid: 777 }, false],
  ['0440 of root and a group of others', { mode: 0o440, uid: 0, gid: 1 }, true],
  ['0440 of somebody else', { mode: 0o440, uid: 5, gid: 12345 }, true],
  ['0460 of root', { mode: 0o460, uid: 0, gid: 12345 }, true],
  ['0444 of root', { mode: 0o444, uid: 0, gid: 12345 }, true],
  ['0400 of our own', { mode: 0o400, uid: 12345, gid: 12345 }, false],
])('on a mount that takes changes: %s', async (_, file, expected) => {
  expect(await isExposedTo(pod, file)).toBe(expected);
});

const MOUNTS = `22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 0:26 / /run/secrets rw - tmpfs tmpfs rw
31 30 0:27 / /run/secrets/vault ro,relatime - tmpfs tmpfs rw
32 22 0:28 / /mnt/with\\040blank ro,nosuid - ext4 /dev/vdb rw
`;

test.each([
  ['/run/secrets/vault/keys.json', true],
  ['/run/secrets/keys.json', false],
  ['/run/secrets/vaults/keys.json', false],
  ['/mnt/with blank/keys.json', true],
  ['/home/app/keys.json', false],
])('knows of %s whether its mount is read-only', (file, expected) => {
  expect(isReadOnlyMount(MOUNTS, file)).toBe(expected);
});

/** Runs the built reader in a mount namespace of its own, where the folder is mounted read-only; null: it cannot. */
function readOnReadOnlyMount(
  folder: string,
  asUser: number,
): { status: number | null; stderr: string } | null {
  const mount = `mount --bind ${folder} ${folder} && mount -o remount,bind,ro ${folder}`;
  if (spawnSync('unshare', ['--mount', 'sh', '-c', mount]).status !== 0) return null;
  const reader = `import { readKeyFile } from './dist/sealing/key-file.js';
    await readKeyFile(${JSON.stringify(join(folder, 'keys.json'))});`;
  const node = `setpriv --reuid=${asUser} --regid=${asUser} --clear-groups ${process.execPath} --input-type=module`;
  return spawnSync('unshare', ['--mount', 'sh', '-c', `${mount} && exec ${node}`], {
    input: reader,
    encoding: 'utf8',
  });
}

test.each([
  ['0444', 0o444, 0],
  ['0444', 0o444, 12345],
  ['0440', 0o440, 12345],
])('reads a file of %s on a read-only mount (%i as user %i)', async (_, mode, user) => {
  const folder = await aFolder();
  const file = join(folder, 'keys.json');
  await createKeyFile(file);
  if (process.getuid?.() === 0) await chown(file, 0, 12345);
  await chmod(file, mode);

  const read = readOnReadOnlyMount(folder, user);

  if (read === null)
    process.stderr.write('Nothing can be mounted here: reading from a mount was not tried.\n');
  else expect([read.status, read.stderr]).toEqual([0, '']);
});

test('refuses 0444 on a mount that takes changes, whoever reads it', async () => {
  const file = join(await aFolder(), 'keys.json');
  await writeFile(file, '{}');

  expect(await isExposed(file, { mode: 0o444, uid: 0, gid: 0 } as Stats)).toBe(true);
});
