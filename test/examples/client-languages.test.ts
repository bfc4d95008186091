import { execFile, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { type ClientVault, listOf, namesOf, startClientVault } from '../support/client-vault.js';
import { type LossyProxy, startLossyProxy } from '../support/lossy-proxy.js';

// What the examples do without a client library.

const run = promisify(execFile);
const cwd = 'examples/clients';

let vault: ClientVault;
let proxy: LossyProxy;

beforeAll(async () => {
  vault = await startClientVault();
  proxy = await startLossyProxy(vault.url);
});

afterAll(async () => {
  await proxy.close();
  await vault.close();
});

test('fetch: gives data, and throws with the request id', async () => {
  const { ask } = await import(resolve(cwd, 'fetch.mjs'));

  const { customers } = await ask(vault.url, vault.key, listOf('nodes'), { first: 3 });

  expect(namesOf(customers)).toEqual(namesOf({ nodes: await vault.allCustomers() }).slice(0, 3));
  await expect(ask(vault.url, 'wrong', listOf('nodes'), {})).rejects.toThrow(/\(request [0-9a-f-]{36}\)$/);
});

/** How to run the example of each language, and how to ask whether it is installed. */
const LANGUAGES = [
  { language: 'Python', command: ['python3', 'vault.py'], version: '--version' },
  { language: 'PHP', command: ['php', 'vault.php'], version: '--version' },
  { language: 'Go', command: ['go', 'run', 'vault.go'], version: 'version' },
];

// Where a language is not installed its documents are still compared with the schema.
for (const { language, command, version } of LANGUAGES) {
  const [program = '', ...args] = command;
  if (spawnSync(program, [version]).status !== 0) continue;

  test(`${language}: makes one customer although an answer is lost and a try refused, and lists all`, async () => {
    const before = await vault.allCustomers();
    const triesBefore = proxy.tries.size;
    const name = `Ada in ${language}`;
    const env = { ...process.env, VAULT_URL: proxy.url, VAULT_KEY: vault.key };

    const { stdout } = await run(program, [...args, name], { cwd, env });

    const after = await vault.allCustomers();
    const [created, ...listed] = stdout.trim().split('\n');
    expect(created).toBe(`Created ${after[0]?.id}`);
    expect(after[0]).toMatchObject({ name, metadata: { from: language } });
    expect(after.slice(1)).toEqual(before);
    expect(listed).toEqual(after.map((customer) => `${customer.id} ${customer.name}`));
    expect([...proxy.tries.values()].slice(triesBefore)).toEqual([3]);
  }, 120_000);

  test.each([
    { wrong: 'key', credential: 'wrong', name: 'Ada', said: 'A valid API key is required' },
    { wrong: 'name', credential: null, name: ' ', said: 'REQUIRED' },
  ])(
    `${language}: ends at once with a wrong $wrong, says why and lists nothing`,
    async ({ credential, name, said }) => {
      const before = await vault.allCustomers();
      const env = { ...process.env, VAULT_URL: vault.url, VAULT_KEY: credential ?? vault.key };
      const start = performance.now();

      const { code, stdout, stderr } = await run(program, [...args, name], {
        cwd,
        env,
      }).catch((error) => error);

      expect(code).toBeGreaterThan(0);
      expect(stdout + stderr).toContain(said);
      expect(stdout).not.toContain(before[0]?.id);
      expect(performance.now() - start).toBeLessThan(10_000);
      expect(await vault.allCustomers()).toEqual(before);
    },
    120_000,
  );
}
