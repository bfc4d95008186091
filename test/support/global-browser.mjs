// Runs once before the browser tests: the built server with an embedded PostgreSQL in a temporary folder, seeded.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './example-shop.mjs';

export default async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), 'vault-browser-'));
  await chmod(folder, 0o711);
  const dataDir = join(folder, 'data');
  const shopPort = String(await freePort());
  const server = spawn(process.execPath, ['dist/main.js'], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      VAULT_DATA_DIR: dataDir,
      VAULT_CORS_ORIGINS: `http://127.0.0.1:${shopPort}`,
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await announcedAddress(server);
  const url = new URL(address).origin;
  const key = (await readFile(join(dataDir, 'api-key'), 'utf8')).trim();
  const environment = { VAULT_URL: `${url}/graphql`, VAULT_API_KEY: key };
  const seeding = spawnSync(process.execPath, ['dist/cli/main.js', 'seed'], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  if (seeding.status !== 0) throw new Error(`The database could not be seeded.\n${seeding.stderr}`);
  process.env.VAULT_BROWSER_ADDRESS = address;
  process.env.VAULT_BROWSER_URL = url;
  process.env.VAULT_BROWSER_KEY = key;
  process.env.VAULT_BROWSER_SHOP_PORT = shopPort;
  return async () => {
    server.kill('SIGTERM');
    await once(server, 'close');
    await rm(folder, { recursive: true, force: true });
  };
}

/** What a person would open: the whole of it, its fragment too. What the server logs is read on and on. */
function announcedAddress(server) {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (chunk) => {
      said += chunk;
      const address = /ready\. Explore it at (\S+)\n/.exec(said)?.[1];
      if (address) resolve(address);
    });
    server.once('close', (code, signal) => {
      const how = `The server has ended (${signal ?? code}).\n${said}`;
      reject(new Error(how));
      if (!server.killed) process.stderr.write(how);
    });
  });
}
