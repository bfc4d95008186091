// The example of a shop's own server, as a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of this machine that nobody has at this moment. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts `examples/profile-page/server.mjs`; gives how to stop it, once it listens. */
export async function startShop(environment) {
  const shop = spawn(process.execPath, ['examples/profile-page/server.mjs'], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exit = once(shop, 'exit');
  const listening = await Promise.race([once(shop.stdout, 'data'), exit.then(() => null)]);
  if (!listening) throw new Error('The shop did not start.');
  return async () => {
    shop.kill();
    await exit;
  };
}
