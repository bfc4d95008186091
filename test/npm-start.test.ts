import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { aDataDirectory, ChildServer, postgresPid, removeDataDirectories } from './support/child-server.js';
import { vault } from './support/command-line.js';

const children: ChildProcess[] = [];

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await removeDataDirectories();
});

/** Starts a command as a terminal or a supervisor does, and waits until the server says that it is ready. */
async function started(command: string[], environment: Record<string, string>, cwd = '.') {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { cwd, env: { PATH: process.env['PATH'], PORT: '0', ...environment } });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data;
    });
  }
  for (
    let waited = 0;
    !/is ready\./.test(output) && child.exitCode === null && waited < 60_000;
    waited += 50
  ) {
    await sleep(50);
  }
  return { child, output: () => output };
}

test.each([[['npm', 'start']], [['node', 'dist/cli/main.js', 'serve']]])(
  '%j hands SIGTERM on: nothing goes on alone',
  async (command) => {
    const dataDir = await aDataDirectory();
    const { child, output } = await started(command, { VAULT_DATA_DIR: dataDir });
    const url = /Explore it at (\S+)\/#/.exec(output())?.[1] ?? '';
    expect((await fetch(`${url}/healthz`)).status).toBe(200);

    child.kill('SIGTERM');
    await once(child, 'close');

    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    expect(await postgresPid(dataDir)).toBeNull();
  },
  120_000,
);

test('the package of `npm pack` has all that it takes to run', async () => {
  const dataDir = await aDataDirectory();
  const folder = dirname(dataDir);
  // What is built is packed as it is.
  const pack = ['pack', '--ignore-scripts', '--offline', '--json', '--pack-destination', folder];
  const [{ filename, files }] = JSON.parse(execFileSync('npm', pack, { encoding: 'utf8' }));
  execFileSync('tar', ['-xzf', join(folder, filename), '-C', folder]);
  const unpacked = join(folder, 'package');
  await symlink(resolve('node_modules'), join(unpacked, 'node_modules'));

  const serve = ['node', 'dist/cli/main.js', 'serve'];
  const { child, output } = await started(serve, { VAULT_DATA_DIR: dataDir }, unpacked);
  const url = /Explore it at (\S+)\/#/.exec(output())?.[1] ?? '';
  const page = await fetch(`${url}/dashboard`);
  const script = /src="([^"]+\.js)"/.exec(await page.text())?.[1] ?? '';
  const statuses = [page.status, (await fetch(new URL(script, page.url))).status];
  const seeding = spawnSync('node', ['dist/cli/main.js', 'seed'], {
    cwd: unpacked,
    env: { PATH: process.env['PATH'], VAULT_API_KEY: 'canary', PORT: '1' },
    encoding: 'utf8',
  });
  child.kill('SIGTERM');
  await once(child, 'close');

  expect(statuses).toEqual([200, 200]);
  expect(seeding.stderr).toMatch(/^No server answers at /);
  const others = /^(src|test|node_modules|\.vault|dashboard\/src)\/|\.map$|keys\.json$/;
  expect(files.filter(({ path }: { path: string }) => others.test(path))).toEqual([]);
}, 120_000);

async function aTakenPort(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

test('a first start whose port is in use says so in a sentence, and the next start announces the first key', async () => {
  const environment = { VAULT_DATA_DIR: await aDataDirectory() };
  const taken = await aTakenPort();
  const { port } = taken.address() as { port: number };

  const { code, stderr, stdout } = await new ChildServer({ ...environment, PORT: String(port) }).end();
  taken.close();
  const next = new ChildServer(environment);
  await next.ready();
  await next.stop();

  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^The server could not start:\nPort \d+ of 127\.0\.0\.1 is in use: .+\.\n$/);
  expect(next.announcedKey).toMatch(/^sk_test_/);
}, 120_000);

test('listens on a socket, over one that a killed server has left, and not over one that is in use', async () => {
  const dataDir = await aDataDirectory();
  const socket = `${dataDir}.sock`;
  // What is left of a server that was killed.
  const killed = spawn(process.execPath, [
    '-e',
    `require('net').createServer().listen(${JSON.stringify(socket)})`,
  ]);
  while (!(await stat(socket).catch(() => null))) await sleep(20);
  killed.kill('SIGKILL');
  await once(killed, 'close');
  const environment = { VAULT_DATA_DIR: dataDir, PORT: socket };
  const { child, output } = await started([process.execPath, 'dist/main.js'], environment);

  const status = await vault(environment, 'status');
  const second = await new ChildServer({ VAULT_DATA_DIR: `${dataDir}2`, PORT: socket }).end();
  child.kill('SIGTERM');
  await once(child, 'close');

  expect(output()).toContain(`Customer Vault is ready. It answers on the socket ${socket}\n`);
  expect(output()).toContain('First API key (kept in');
  expect([status.code, status.stdout]).toEqual([0, expect.stringContaining(`${socket}: ready`)]);
  expect(second.stderr).toMatch(/^The server could not start:\nSomething listens on the socket .+\.\n$/);
  await expect(stat(socket)).rejects.toThrow('ENOENT');
}, 120_000);

test('status tells what is configured, and says of a database that is away why', async () => {
  const folder = await aDataDirectory();
  const keyFile = join(folder, '..', 'keys.json');
  const made = await vault({}, 'key-file', keyFile);

  const away = await vault(
    {
      DATABASE_URL: 'postgresql://app:canary@127.0.0.1:1/vault',
      VAULT_KEY_FILE: keyFile,
      VAULT_TOKENIZATION: 'sandbox',
      PORT: '1',
    },
    'status',
  );

  expect([made.code, made.stderr]).toEqual([0, '']);
  expect(away.code).toBe(1);
  expect(away.stdout).toMatch(/^ok +version +\d+\.\d+\.\d+, Node v\d+/m);
  expect(away.stdout).toMatch(/^!! +database +connect ECONNREFUSED 127\.0\.0\.1:1$/m);
  expect(away.stdout).toMatch(/^!! +server +/m);
  expect(away.stdout + away.stderr).not.toContain('canary');
});

test.each([
  [['key-file', '--help'], 0],
  [['key-file'], 2],
  [['key-file', '--canary'], 2],
])('%j makes no file', async (args, code) => {
  const folder = await aDataDirectory();
  await writeFile(`${folder}.before`, '');

  const ended = await vault({ HOME: folder }, ...args);

  expect(ended.code).toBe(code);
  for (const name of ['--help', '--canary', 'undefined']) await expect(stat(name)).rejects.toThrow('ENOENT');
});

test('seed says in a sentence what it lacks', async () => {
  const dataDir = await aDataDirectory();

  const ended = await Promise.all([
    vault({ VAULT_DATA_DIR: dataDir }, 'seed'),
    vault({ DATABASE_URL: 'postgresql://canary@127.0.0.1/vault' }, 'seed'),
    vault({ VAULT_API_KEY: 'sk_test_canary', PORT: '1' }, 'seed'),
  ]);

  expect(ended.map(({ code, stdout }) => [code, stdout])).toEqual(Array(3).fill([1, '']));
  expect(ended.map(({ stderr }) => stderr)).toEqual([
    expect.stringMatching(/^There is no API key in .+: start the server first, .+ VAULT_API_KEY\.\n$/),
    expect.stringMatching(/^With DATABASE_URL no key is kept in a file: .+ VAULT_API_KEY\.\n$/),
    expect.stringMatching(/^No server answers at http:\/\/127\.0\.0\.1:1\/graphql .+VAULT_URL\.\n$/),
  ]);
});

test('seed takes the settings of the start, and writes plain lines without a terminal', async () => {
  const environment = { VAULT_DATA_DIR: await aDataDirectory() };
  const server = new ChildServer(environment);
  const { port } = new URL(await server.ready());

  const ended = await vault({ ...environment, HOST: '0.0.0.0', PORT: port }, 'seed');
  await server.stop();

  expect([ended.code, ended.stderr]).toEqual([0, '']);
  expect(ended.stdout.split('\n')).toEqual([
    ...[50, 100, 150, 200].map((done) => `Seeded ${done} of 200 customers.`),
    expect.stringMatching(/^The merchant has 200 seeded customers\./),
    '',
  ]);
}, 120_000);
