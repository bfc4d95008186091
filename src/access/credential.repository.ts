import { bytesOf } from '../db/cells.js';
import type { Queries } from '../db/queries.js';
import { sql } from '../db/sql.js';
import type { CustomerId, MerchantId } from '../shared/id.js';
import type { Mode } from './scopes.js';

/** A key or a session as it is stored, with what is needed of its merchant. */
export interface StoredCredential {
  readonly id: string;
  readonly mode: Mode;
  readonly secretHash: Uint8Array;
  /** The secret before the last rotation, while it is still good. */
  readonly old: { readonly secretHash: Uint8Array; readonly until: Date } | null;
  /** Scopes of a key, permissions of a session. */
  readonly grants: readonly string[];
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
  readonly mode: Mode;
  readonly secret_hash: string;
  readonly old_hash: string | null;
  readonly old_until: string | null;
  readonly grants: readonly string[];
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly merchant_id: MerchantId | null;
  readonly partner_id: string | null;
  readonly customer_id: CustomerId | null;
}

/** Looks up a key, a merchant's or a partner's, before its merchant is known. */
export async function findApiKey(db: Queries, id: string): Promise<StoredCredential | null> {
  const [row] = await db.read<CredentialRow>(sql`select /* access.findApiKey */ row_to_json(r) as row from (
      select k.id, m.mode, k.secret_hash, k.old_hash, k.old_until, k.scopes as grants, k.expires_at, k.revoked_at,
        k.merchant_id, null as partner_id, null as customer_id
      from api_keys k join merchants m on m.id = k.merchant_id where k.id = ${id}
      union all
      select p.id, p.mode, p.secret_hash, p.old_hash, p.old_until, p.scopes, p.expires_at, p.revoked_at,
        null, p.partner_id, null
      from partner_keys p where p.id = ${id}
    ) r`);
  return row ? readCredential(row) : null;
}

/** Looks up a session before its merchant is known. */
export async function findCustomerSession(db: Queries, id: string): Promise<StoredCredential | null> {
  const [row] =
    await db.read<CredentialRow>(sql`select /* access.findCustomerSession */ row_to_json(r) as row from (
      select s.id, m.mode, s.secret_hash, null as old_hash, null as old_until, s.permissions as grants,
        s.expires_at, coalesce(k.revoked_at, p.revoked_at) as revoked_at,
        s.merchant_id, null as partner_id, s.customer_id
      from customer_sessions s join merchants m on m.id = s.merchant_id
      left join api_keys k on k.merchant_id = s.merchant_id and k.id = s.api_key_id
      left join partner_keys p on p.id = s.partner_key_id
      where s.id = ${id}
    ) r`);
  return row ? readCredential(row) : null;
}

function readCredential(row: CredentialRow): StoredCredential {
  return {
    id: row.id,
    mode: row.mode,
    secretHash: bytesOf(row.secret_hash),
    old:
      row.old_hash && row.old_until
        ? { secretHash: bytesOf(row.old_hash), until: new Date(row.old_until) }
        : null,
    grants: row.grants,
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
    revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at),
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
  const rows = await db.read(sql`select /* access.findMerchantOfPartner */ 1 as row from merchants
    where id = ${merchantId} and partner_id = ${partnerId} and mode = ${mode}`);
  return rows.length > 0;
}
