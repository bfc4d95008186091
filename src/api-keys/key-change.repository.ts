import type { Scope } from '../access/scopes.js';
import type { Queries } from '../db/queries.js';
import { type Sql, sql } from '../db/sql.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { ApiKeyId } from '../shared/id.js';
import type { KeyOwner } from './api-key.repository.js';

/** The key and the secret that a request came with. */
export interface KeySecret {
  readonly keyId: string;
  readonly isPartners: boolean;
  readonly secretVersion: number;
}

/**
 * Whether a key's secret is still good, which the transaction's end settles: until then nobody revokes or rotates the
 * key. What a request was told at its beginning may be 5 seconds old.
 *
 * @param lock `share` lets others ask the same meanwhile.
 */
export async function lockGoodSecret(
  transaction: Queries,
  merchant: MerchantScope,
  { keyId, isPartners, secretVersion }: KeySecret,
  { lock, at }: { readonly lock: 'share' | 'no key update'; readonly at: Date },
): Promise<boolean> {
  const isGood = sql`revoked_at is null and (expires_at is null or expires_at > ${at}) and (
      secret_version = ${secretVersion}::integer
      or (secret_version = ${secretVersion}::integer + 1 and old_until > ${at})
    )`;
  const locked = lock === 'share' ? sql`for share` : sql`for no key update`;
  const rows = await transaction.write(
    isPartners
      ? sql`select /* access.lockPartnerKey */ id from partner_keys where id = ${keyId} and ${isGood} ${locked}`
      : sql`select /* access.lockKey */ id from api_keys
          where merchant_id = ${merchant.id} and id = ${keyId} and ${isGood} ${locked}`,
  );
  return rows.length > 0;
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
  readonly createdBy: KeySecret;
}

export async function insertApiKey(
  transaction: Queries,
  merchant: MerchantScope,
  { createdBy: { keyId, isPartners }, ...key }: NewApiKey,
): Promise<void> {
  await transaction.write(sql`insert into api_keys /* access.insertApiKey */ (
      merchant_id, id, label, preview, secret_hash, scopes, created_at, expires_at,
      created_by_key_id, created_by_partner_key_id
    )
    values (${merchant.id}, ${key.id}, ${key.label}, ${key.preview}, ${key.secretHash},
      ${key.scopes}::text[], ${key.createdAt}, ${key.expiresAt},
      ${isPartners ? null : keyId}, ${isPartners ? keyId : null})
    returning id`);
}

/**
 * Gives a key a new secret, and its old one until an instant, or no longer (null); false when it is revoked or gone by
 * now.
 */
export async function rotateSecret(
  db: Queries,
  owner: KeyOwner,
  {
    id,
    secretHash,
    until,
  }: { readonly id: ApiKeyId; readonly secretHash: Buffer; readonly until: Date | null },
): Promise<boolean> {
  const old = until === null ? sql`null` : sql`secret_hash`;
  const change = sql`set old_hash = ${old}, old_until = ${until}, secret_hash = ${secretHash},
    secret_version = secret_version + 1`;
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
    select id from own union all select id from partners`);
}

/**
 * Revokes all keys that a key has made, those that these have made, and so on, and gives their ids. A partner's key may
 * have made keys of several merchants: of those it reaches the ones that are the partner's.
 *
 * @param id of a key of the owner, and whether it is the partner's.
 */
export async function revokeMadeBy(
  transaction: Queries,
  { merchant, partnerId }: KeyOwner,
  { id, partner, at }: { readonly id: ApiKeyId; readonly partner: boolean; readonly at: Date },
): Promise<string[]> {
  if (!partner) {
    const name = sql`/* access.revokeMadeBy */`;
    return revokeTree(transaction, { name, at, merchantId: merchant.id, made: madeBy(merchant.id, id) });
  }
  const made = sql`select k.merchant_id, k.id, k.revoked_at from api_keys k join merchants m on m.id = k.merchant_id
    where k.created_by_partner_key_id = ${id} and m.partner_id = ${partnerId} and m.mode = ${merchant.mode}`;
  const name = sql`/* access.revokeMadeByPartnerKey */`;
  return revokeTree(transaction, { name, at, merchantId: null, made });
}

/** The keys that a merchant's key has made, for `revokeTree`. */
export function madeBy(merchantId: string, id: string): Sql {
  return sql`select k.merchant_id, k.id, k.revoked_at from api_keys k
    where k.merchant_id = ${merchantId} and k.created_by_key_id = ${id}`;
}

/** A statement revokes so many at most, and has time for them. */
const BATCH = 5_000;

/** Which keys `revokeTree` begins with, and the merchant that all of them are of; null: of several. */
interface Tree {
  /** The statement's name as a comment. */
  readonly name: Sql;
  readonly merchantId: string | null;
  /** Selects `merchant_id`, `id` and `revoked_at` of keys. */
  readonly made: Sql;
  readonly at: Date;
}

/**
 * Revokes the keys that `made` selects and all that came from them. A key that makes another at this moment holds the
 * lock that revoking it waits for, and what it made is seen only by a statement that begins afterwards: so it is done
 * again until there is none left.
 */
export async function revokeTree(
  transaction: Queries,
  { name, merchantId, made, at }: Tree,
): Promise<string[]> {
  const isOf = (merchants: Sql) => sql`k.merchant_id = ${merchantId ?? merchants}`;
  // Where its statistics are old, or its plan was made when there were few keys, PostgreSQL would compare each key with
  // each: of 4,500 that took 3 s.
  await transaction.write(sql`select set_config('enable_nestloop', 'off', true) /* access.joinByHash */`);
  const revoked: string[] = [];
  for (;;) {
    const [batch] = await transaction.write<{
      found: number;
      ids: string[];
    }>(sql`with recursive ${name} tree as (
        select first.merchant_id, first.id, first.revoked_at from (${made}) first
        union
        select k.merchant_id, k.id, k.revoked_at from tree t
        join api_keys k on ${isOf(sql`t.merchant_id`)} and k.created_by_key_id = t.id
      ),
      found as (select merchant_id, id from tree where revoked_at is null limit ${BATCH}),
      done as (
        update api_keys k set revoked_at = ${at} from found f
        where ${isOf(sql`f.merchant_id`)} and k.id = f.id and k.revoked_at is null returning k.id
      )
      select (select count(*)::integer from found) as found, array (select id from done) as ids`);
    // Those that somebody else has just revoked are found and not revoked again.
    if (!batch || batch.found === 0) return revoked;
    revoked.push(...batch.ids);
  }
}
