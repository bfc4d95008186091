import type { Queries } from '../db/queries.js';
import { type Sql, sql } from '../db/sql.js';
import type { CustomerId, MerchantId } from '../shared/id.js';
import type { Mode } from './scopes.js';

/** A key or a session as it is stored, with what is needed of its merchant. */
export interface StoredCredential {
  readonly id: string;
  /** The key itself; of a session the key that made it. */
  readonly keyId: string;
  readonly mode: Mode;
  readonly secretHash: Uint8Array;
  /** Of a key: grows by one with each rotation. */
  readonly secretVersion: number;
  /** The secret before the last rotation, while it is still good. */
  readonly old: { readonly secretHash: Uint8Array; readonly until: Date } | null;
  /** Scopes of a key, permissions of a session. */
  readonly grants: readonly string[];
  /** Of a session: not after the key that made it, nor after that key's secret of the time. */
  readonly expiresAt: Date | null;
  /** Of a session: when the key that made it was revoked. */
  readonly revokedAt: Date | null;
  /** Null for a partner's key. */
  readonly merchantId: MerchantId | null;
  readonly partnerId: string | null;
  /** Of a session only. */
  readonly customerId: CustomerId | null;
}

interface CredentialRow {
  readonly id: string;
  readonly key_id: string;
  readonly mode: Mode;
  readonly secret_hash: Uint8Array;
  readonly secret_version: number;
  readonly old_hash: Uint8Array | null;
  readonly old_until: Date | null;
  readonly grants: readonly string[];
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly merchant_id: MerchantId | null;
  readonly partner_id: string | null;
  readonly customer_id: CustomerId | null;
}

/** Which credential is looked up: by the merchant that it names, or by its id alone. */
export interface CredentialName {
  readonly merchantId: string | null;
  readonly id: string;
}

/** Looks up a key by what it names. One of a partner, and one from before keys named merchants, is found by its id. */
export async function findApiKey(
  db: Queries,
  { merchantId, id }: CredentialName,
): Promise<StoredCredential | null> {
  if (merchantId === null) return (await listApiKeys(db, [id]))[0] ?? null;
  const name = sql`/* access.findApiKey */`;
  const [row] = await db.read<CredentialRow>(
    keysWhere(name, sql`k.merchant_id = ${merchantId} and k.id = ${id}`),
  );
  return row ? readCredential(row) : null;
}

/** Looks up keys, merchants' and partners', before their merchants are known. */
export async function listApiKeys(db: Queries, ids: readonly string[]): Promise<StoredCredential[]> {
  const rows = await db.read<CredentialRow>(sql`${keysWhere(
    sql`/* access.findApiKeyById */`,
    sql`k.id = any (${ids}::text[])`,
  )}
    union all
    select p.id, p.id, p.mode, p.secret_hash, p.secret_version, p.old_hash, p.old_until,
      p.scopes, p.expires_at, p.revoked_at, null, p.partner_id, null
    from partner_keys p where p.id = any (${ids}::text[])`);
  return rows.map(readCredential);
}

function keysWhere(name: Sql, condition: Sql): Sql {
  return sql`select ${name} k.id, k.id as key_id, m.mode, k.secret_hash, k.secret_version, k.old_hash, k.old_until,
      k.scopes as grants, k.expires_at, k.revoked_at, k.merchant_id, null as partner_id, null as customer_id
    from api_keys k join merchants m on m.id = k.merchant_id where ${condition}`;
}

/** Looks up a session by what it names. One whose key's secret is no longer good is not there. */
export async function findCustomerSession(
  db: Queries,
  { merchantId, id }: CredentialName,
): Promise<StoredCredential | null> {
  if (merchantId === null) return (await listCustomerSessions(db, [id]))[0] ?? null;
  const [row] = await db.read<CredentialRow>(
    sessionsWhere(sql`/* access.findCustomerSession */`, {
      session: sql`s.merchant_id = ${merchantId} and s.id = ${id}`,
      key: sql`a.merchant_id = ${merchantId}`,
    }),
  );
  return row ? readCredential(row) : null;
}

/** Looks up sessions before their merchants are known. One whose key's secret is no longer good is not there. */
export async function listCustomerSessions(db: Queries, ids: readonly string[]): Promise<StoredCredential[]> {
  const rows = await db.read<CredentialRow>(
    sessionsWhere(sql`/* access.findSessionById */`, {
      session: sql`s.id = any (${ids}::text[])`,
      key: sql`a.merchant_id = s.merchant_id`,
    }),
  );
  return rows.map(readCredential);
}

/** Sessions, with the keys that made them. */
function sessionsWhere(name: Sql, { session, key }: { readonly session: Sql; readonly key: Sql }): Sql {
  return sql`select ${name} s.id, k.id as key_id, m.mode, s.secret_hash, 1 as secret_version, null as old_hash,
      null as old_until, s.permissions as grants,
      least(
        s.expires_at, k.expires_at, case when s.key_secret_version < k.secret_version then k.old_until end
      ) as expires_at,
      k.revoked_at, s.merchant_id, null as partner_id, s.customer_id
    from customer_sessions s join merchants m on m.id = s.merchant_id
    join lateral (
      select a.id, a.secret_version, a.old_until, a.expires_at, a.revoked_at
      from api_keys a where ${key} and a.id = s.api_key_id
      union all
      select p.id, p.secret_version, p.old_until, p.expires_at, p.revoked_at
      from partner_keys p where p.id = s.partner_key_id
    ) k on k.secret_version = s.key_secret_version
      or (k.secret_version = s.key_secret_version + 1 and k.old_until is not null)
    where ${session}`;
}

function readCredential(row: CredentialRow): StoredCredential {
  return {
    id: row.id,
    keyId: row.key_id,
    mode: row.mode,
    secretHash: row.secret_hash,
    secretVersion: row.secret_version,
    old: row.old_hash && row.old_until ? { secretHash: row.old_hash, until: row.old_until } : null,
    grants: row.grants,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    merchantId: row.merchant_id,
    partnerId: row.partner_id,
    customerId: row.customer_id,
  };
}

/** Whether a partner runs a merchant of this mode. */
export async function isMerchantOfPartner(
  db: Queries,
  partnerId: string,
  { merchantId, mode }: { readonly merchantId: MerchantId; readonly mode: Mode },
): Promise<boolean> {
  const rows = await db.read(sql`select /* access.findMerchantOfPartner */ id from merchants
    where id = ${merchantId} and partner_id = ${partnerId} and mode = ${mode}`);
  return rows.length > 0;
}
