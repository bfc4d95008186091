import type { Queries } from '../db/queries.js';
import { type Sql, sql } from '../db/sql.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { ApiKeyId } from '../shared/id.js';
import { type Page, type PageRequest, toPage } from '../shared/page.js';
import type { ApiKey } from './api-key.js';
import type { Scope } from './scopes.js';

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
  readonly created_at: string;
  readonly last_used_at: string | null;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
}

const shown = sql`id, label, preview, scopes, created_at, last_used_at, expires_at, revoked_at`;

/** The keys of an owner, as rows with what may be shown of them. */
export function keysOf({ merchant, partnerId }: KeyOwner): Sql {
  return sql`(
      select ${shown}, false as partner from api_keys where merchant_id = ${merchant.id}
      union all
      select ${shown}, true from partner_keys where partner_id = ${partnerId} and mode = ${merchant.mode}
    ) k`;
}

/** Makes a key of a JSON row of `keysOf`. */
export function readApiKey(row: object): ApiKey {
  const { id, label, preview, scopes, partner, ...times } = row as ApiKeyRow;
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
  };
}

function instantOrNull(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

/** A page of an owner's keys, newest first. */
export async function listApiKeys(db: Queries, owner: KeyOwner, page: PageRequest): Promise<Page<ApiKey>> {
  const forward = page.direction === 'forward';
  const [at = null, id = null] = page.from ?? [];
  const beyond = sql`(k.created_at, k.id) ${forward ? sql`<` : sql`>`} (${at}::timestamptz, ${id})`;
  const direction = forward ? sql`desc` : sql`asc`;
  const rows = await db.read<ApiKeyRow>(sql`select /* access.listApiKeys */ row_to_json(r) as row from (
      select * from ${keysOf(owner)}
      where ${id}::text is null or ${beyond}
      order by k.created_at ${direction}, k.id ${direction} limit ${page.limit + 1}
    ) r`);
  return toPage(page, rows.map(readApiKey));
}

export async function countApiKeys(db: Queries, owner: KeyOwner): Promise<number> {
  const [count] = await db.read<number>(
    sql`select /* access.countApiKeys */ count(*)::integer as row from ${keysOf(owner)}`,
  );
  return count ?? 0;
}

export async function findApiKey(db: Queries, owner: KeyOwner, id: ApiKeyId): Promise<ApiKey | null> {
  const [row] = await db.read<ApiKeyRow>(
    sql`select /* access.findKey */ row_to_json(k) as row from ${keysOf(owner)} where k.id = ${id}`,
  );
  return row ? readApiKey(row) : null;
}

/** A new key of a merchant. */
export interface NewApiKey {
  readonly id: ApiKeyId;
  readonly label: string;
  readonly preview: string;
  readonly secretHash: Buffer;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

export async function insertApiKey(db: Queries, merchant: MerchantScope, key: NewApiKey): Promise<void> {
  await db.write(sql`insert into api_keys /* access.insertApiKey */
      (merchant_id, id, label, preview, secret_hash, scopes, created_at, expires_at)
    values (${merchant.id}, ${key.id}, ${key.label}, ${key.preview}, ${key.secretHash},
      ${key.scopes}::text[], ${key.createdAt}, ${key.expiresAt})
    returning 1 as row`);
}

/** Gives a key a new secret, and its old one until an instant; false when it is revoked or gone by now. */
export async function rotateSecret(
  db: Queries,
  owner: KeyOwner,
  { id, secretHash, until }: { readonly id: ApiKeyId; readonly secretHash: Buffer; readonly until: Date },
): Promise<boolean> {
  const change = sql`set old_hash = secret_hash, old_until = ${until}, secret_hash = ${secretHash}`;
  const rows = await changeKey(db, owner, id, { name: sql`/* access.rotateApiKey */`, change });
  return rows.length > 0;
}

/** Revokes a key for good; one that was revoked before stays as it is. */
export async function revokeKey(
  db: Queries,
  owner: KeyOwner,
  { id, at }: { readonly id: ApiKeyId; readonly at: Date },
): Promise<void> {
  const change = sql`set revoked_at = ${at}`;
  await changeKey(db, owner, id, { name: sql`/* access.revokeApiKey */`, change });
}

async function changeKey(
  db: Queries,
  { merchant, partnerId }: KeyOwner,
  id: ApiKeyId,
  { name, change }: { readonly name: Sql; readonly change: Sql },
): Promise<readonly unknown[]> {
  return db.write(sql`with ${name} own as (
      update api_keys ${change}
      where merchant_id = ${merchant.id} and id = ${id} and revoked_at is null returning id
    ),
    partners as (
      update partner_keys ${change}
      where partner_id = ${partnerId} and mode = ${merchant.mode} and id = ${id} and revoked_at is null returning id
    )
    select 1 as row from (select id from own union all select id from partners) k`);
}
