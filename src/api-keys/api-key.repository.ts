import type { Scope } from '../access/scopes.js';
import type { Queries } from '../db/queries.js';
import { grows, type Sql, sql } from '../db/sql.js';
import type { NodeOwner, NodeSearch } from '../nodes/node.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { ApiKeyId } from '../shared/id.js';
import { type Page, type PageRequest, toPage } from '../shared/page.js';
import type { ApiKey } from './api-key.js';

/** Whose keys are meant: the merchant's own and, for a partner's caller, the partner's too. */
export interface KeyOwner {
  readonly merchant: MerchantScope;
  readonly partnerId: string | null;
}

interface ApiKeyRow {
  readonly id: ApiKeyId;
  readonly label: string;
  readonly preview: string;
  readonly scopes: readonly Scope[];
  readonly partner: boolean;
  readonly mode: 'test' | 'live';
  readonly created_at: Date | string;
  readonly last_used_at: Date | string | null;
  readonly expires_at: Date | string | null;
  readonly revoked_at: Date | string | null;
  readonly created_by: string | null;
}

const shown = sql`id, label, preview, scopes, created_at, last_used_at, expires_at, revoked_at`;

/**
 * The keys of an owner, as rows with what may be shown of them. A partner's key that made one is named to that partner
 * alone.
 */
export function keysOf({ merchant, partnerId }: KeyOwner): Sql {
  return sql`(
      select ${shown}, false as partner, coalesce(created_by_key_id, (
        select m.id from partner_keys m
        where m.id = created_by_partner_key_id and m.partner_id = ${partnerId} and m.mode = ${merchant.mode}
      )) as created_by
      from api_keys where merchant_id = ${merchant.id}
      union all
      select ${shown}, true, null from partner_keys where partner_id = ${partnerId} and mode = ${merchant.mode}
    ) k`;
}

/** Makes a key of a row of `keysOf`, whose times are texts where it came as JSON. */
export function readApiKey(row: object): ApiKey {
  const { id, label, preview, scopes, partner, created_by, ...times } = row as ApiKeyRow;
  return {
    __typename: 'ApiKey',
    id,
    label,
    preview,
    scopes,
    partner,
    createdAt: new Date(times.created_at),
    lastUsedAt: instantOrNull(times.last_used_at),
    expiresAt: instantOrNull(times.expires_at),
    revokedAt: instantOrNull(times.revoked_at),
    createdBy: created_by,
  };
}

function instantOrNull(time: Date | string | null): Date | null {
  return time === null ? null : new Date(time);
}

/** A page of an owner's keys, newest first. */
export async function listApiKeys(db: Queries, owner: KeyOwner, page: PageRequest): Promise<Page<ApiKey>> {
  const forward = page.direction === 'forward';
  const [at = null, id = null] = page.from ?? [];
  const beyond = sql`(k.created_at, k.id) ${forward ? sql`<` : sql`>`} (${at}::timestamptz, ${id})`;
  const direction = forward ? sql`desc` : sql`asc`;
  const rows = await db.read<ApiKeyRow>(
    sql`select /* access.listApiKeys */ ${grows}k.* from ${keysOf(owner)}
      where ${id}::text is null or ${beyond}
      order by k.created_at ${direction}, k.id ${direction} limit ${page.limit + 1}`,
  );
  return toPage(page, rows.map(readApiKey));
}

export async function countApiKeys(db: Queries, owner: KeyOwner): Promise<number> {
  const [row] = await db.read<{ count: number }>(
    sql`select /* access.countApiKeys */ ${grows}count(*)::integer as count from ${keysOf(owner)}`,
  );
  return row?.count ?? 0;
}

export async function findApiKey(db: Queries, owner: KeyOwner, id: ApiKeyId): Promise<ApiKey | null> {
  const [row] = await db.read<ApiKeyRow>(
    sql`select /* access.findKey */ k.* from ${keysOf(owner)} where k.id = ${id}`,
  );
  return row ? readApiKey(row) : null;
}

/** Keys by their ids, whatever else has ids. */
export function apiKeyNodes(owner: NodeOwner, ids: readonly string[]): NodeSearch {
  return {
    object: sql`row_to_json(k)::text`,
    from: sql`${keysOf(owner)} where k.id = any (${ids}::text[])`,
    read: readApiKey,
  };
}
