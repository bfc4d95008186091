import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The compiled modules of the vault that the suite uses, so that what it stores is what the server would. */
export async function importVault(root) {
  const load = (path) => import(pathToFileURL(join(root, 'dist', path)).href);
  await access(join(root, 'dist', 'main.js')).catch(() => {
    throw new Error(`There is no build in ${join(root, 'dist')}: run \`npm run build\` first.`);
  });
  const modules = await Promise.all([
    load('embedded-postgres/embedded-postgres.js'),
    load('db/database.js'),
    load('sealing/key-file.js'),
    load('sealing/keyring.js'),
    load('encryption/merchant-key-store.js'),
    load('shared/id.js'),
    load('customers/create-customer.js'),
    load('customers/customer-hashes.js'),
    load('addresses/address.repository.js'),
    load('payment-methods/payment-method.repository.js'),
  ]);
  return Object.assign({}, ...modules);
}
