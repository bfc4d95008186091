import { Command, Option } from 'commander';
import type { Mode } from '../access/scopes.js';
import { createMerchant } from '../merchants/create-merchant.js';
import { createPartner } from '../merchants/create-partner.js';
import { listMerchants, listPartners } from '../merchants/list-tenants.js';
import { print, table } from './output.js';
import { readName, requirePartner } from './read-arguments.js';
import { withSession } from './session.js';

interface CreateOptions {
  readonly mode: Mode;
  readonly partner?: string;
  readonly json?: boolean;
}

const SHOWN_ONCE = 'Its first key (shown once):';

/** `--mode test` or `--mode live`. */
export const modeOption = () =>
  new Option('--mode <mode>', 'for trying out, or for real').choices(['test', 'live']).default('test');

/** `merchants create "Name"`, `merchants list`. */
export function merchantsCommand(): Command {
  const merchants = new Command('merchants').description('the businesses that keep their customers here');
  merchants
    .command('create')
    .description('make a merchant and its first key, which may do everything')
    .argument('<name>', 'its name', readName)
    .addOption(modeOption())
    .option('--partner <id>', 'the partner whose keys may act for it')
    .option('--json', 'print one JSON object')
    .action((name: string, { mode, partner, json }: CreateOptions) =>
      withSession('write', async (session) => {
        const partnerId = partner === undefined ? null : (await requirePartner(session, partner)).id;
        const { id, key } = await createMerchant(session, { name, mode, partnerId });
        print(json, { merchant: { id, name }, key }, [`Made the merchant ${id}.`, `${SHOWN_ONCE} ${key}`]);
      }),
    );
  merchants
    .command('list')
    .description('list all merchants')
    .option('--json', 'print one JSON object')
    .action(({ json }: { json?: boolean }) =>
      withSession('read', async ({ db }) => {
        const list = await listMerchants(db);
        const rows = list.map(({ id, mode, name, partnerId, createdAt }) => ({
          id,
          mode,
          partner: partnerId ?? '',
          created: createdAt.toISOString(),
          name,
        }));
        print(json, { merchants: list }, table(rows, 'There are no merchants.'));
      }),
    );
  return merchants;
}

/** `partners create "Name"`, `partners list`. */
export function partnersCommand(): Command {
  const partners = new Command('partners').description('businesses that run many merchants');
  partners
    .command('create')
    .description('make a partner and its first key, which acts for its merchants of one mode')
    .argument('<name>', 'its name', readName)
    .addOption(modeOption())
    .option('--json', 'print one JSON object')
    .action((name: string, { mode, json }: CreateOptions) =>
      withSession('write', async (session) => {
        const { id, key } = await createPartner(session, { name, mode });
        print(json, { partner: { id, name }, key }, [`Made the partner ${id}.`, `${SHOWN_ONCE} ${key}`]);
      }),
    );
  partners
    .command('list')
    .description('list all partners')
    .option('--json', 'print one JSON object')
    .action(({ json }: { json?: boolean }) =>
      withSession('read', async ({ db }) => {
        const list = await listPartners(db);
        const rows = list.map(({ id, name, createdAt }) => ({ id, created: createdAt.toISOString(), name }));
        print(json, { partners: list }, table(rows, 'There are no partners.'));
      }),
    );
  return partners;
}
