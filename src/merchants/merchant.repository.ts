import type { Mode } from '../access/scopes.js';
import type { Queries } from '../db/queries.js';
import { grows, type Sql, sql } from '../db/sql.js';
import type { NodeOwner, NodeSearch } from '../nodes/node.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { MerchantId } from '../shared/id.js';
import { type Page, type PageRequest, toPage } from '../shared/page.js';
import type { Merchant } from './merchant.js';

/** The columns of `merchants m` that `readMerchant` reads. */
const merchantSelection: Sql = sql`m.id, m.name, m.mode, m.created_at`;

interface MerchantRow {
  readonly id: MerchantId;
  readonly name: string;
  readonly mode: Mode;
  readonly created_at: Date | string;
}

/** Makes a merchant of a row, whose time is a text where it came as JSON. */
export function readMerchant(row: object): Merchant {
  const { id, name, mode, created_at } = row as MerchantRow;
  return { __typename: 'Merchant', id, name, mode, createdAt: new Date(created_at) };
}

export async function findMerchant(db: Queries, { id }: MerchantScope): Promise<Merchant | null> {
  const [row] = await db.read<MerchantRow>(
    sql`select /* access.findMerchant */ ${merchantSelection} from merchants m where m.id = ${id}`,
  );
  return row ? readMerchant(row) : null;
}

/** A partner's merchants of one mode. */
export interface MerchantsOf {
  readonly partnerId: string;
  readonly mode: Mode;
}

/** A page of a partner's merchants, newest first. */
export async function listMerchants(
  db: Queries,
  { partnerId, mode }: MerchantsOf,
  page: PageRequest,
): Promise<Page<Merchant>> {
  const forward = page.direction === 'forward';
  const [at = null, id = null] = page.from ?? [];
  const beyond = sql`(m.created_at, m.id) ${forward ? sql`<` : sql`>`} (${at}::timestamptz, ${id})`;
  const direction = forward ? sql`desc` : sql`asc`;
  const rows = await db.read<MerchantRow>(
    sql`select /* access.listMerchants */ ${grows}${merchantSelection} from merchants m
      where m.partner_id = ${partnerId} and m.mode = ${mode} and (${id}::text is null or ${beyond})
      order by m.created_at ${direction}, m.id ${direction} limit ${page.limit + 1}`,
  );
  return toPage(page, rows.map(readMerchant));
}

export async function countMerchants(db: Queries, { partnerId, mode }: MerchantsOf): Promise<number> {
  const [row] = await db.read<{ count: number }>(
    sql`select /* access.countMerchants */ ${grows}count(*)::integer as count from merchants
      where partner_id = ${partnerId} and mode = ${mode}`,
  );
  return row?.count ?? 0;
}

/** The caller's own merchant, where its id is among these. */
export function merchantNodes({ merchant: { id } }: NodeOwner, ids: readonly string[]): NodeSearch {
  return {
    object: sql`row_to_json(m)::text`,
    from: sql`(select ${merchantSelection} from merchants m) m
      where m.id = ${id} and m.id = any (${ids}::text[])`,
    read: readMerchant,
  };
}
