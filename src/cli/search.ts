import { Command } from 'commander';
import { type Rebuilt, rebuildSearch } from '../customers/rebuild-search.js';
import { listMerchants } from '../merchants/operator.repository.js';
import type { MerchantId } from '../shared/id.js';
import { print } from './output.js';
import { type Session, withSession } from './session.js';

/** `search rebuild`. */
export function searchCommand(): Command {
  const search = new Command('search').description('what customers are found by');
  search
    .command('rebuild')
    .description('make it anew for all customers, after an update or a change of VAULT_SEARCH')
    .option('--json', 'print one JSON object')
    .action(({ json }: { json?: boolean }) =>
      withSession('write', async (session) => {
        const rebuilt = await rebuildAll(session);
        const { customers, changed, unreadable } = rebuilt;
        const damaged = unreadable > 0 ? [`${unreadable} could not be opened and are found as before.`] : [];
        print(json, rebuilt, [`Looked at ${customers} customers and changed ${changed}.`, ...damaged]);
      }),
    );
  return search;
}

async function rebuildAll({ db, keyring, search }: Session): Promise<Rebuilt> {
  const all = { customers: 0, changed: 0, unreadable: 0 };
  for (const { id, mode } of await listMerchants(db)) {
    const vault = await keyring.forMerchant(id);
    const merchant = { id: id as MerchantId, vault, owner: id, mode, onlyCustomer: null, search };
    const rebuilt = await rebuildSearch(db.for(id), merchant);
    all.customers += rebuilt.customers;
    all.changed += rebuilt.changed;
    all.unreadable += rebuilt.unreadable;
  }
  return all;
}
