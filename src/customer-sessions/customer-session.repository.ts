import type { SessionPermission } from '../access/scopes.js';
import type { KeySecret } from '../api-keys/key-change.repository.js';
import type { Queries } from '../db/queries.js';
import { sql } from '../db/sql.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { CustomerId, CustomerSessionId } from '../shared/id.js';
import type { CustomerSession } from './customer-session.js';

export interface NewCustomerSession {
  readonly id: CustomerSessionId;
  readonly customerId: CustomerId;
  readonly createdBy: KeySecret;
  readonly secretHash: Buffer;
  readonly permissions: readonly SessionPermission[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

interface SessionRow {
  readonly id: CustomerSessionId;
  readonly customer_id: CustomerId;
  readonly permissions: readonly SessionPermission[];
  readonly expires_at: Date;
}

/** A session without its token and its customer. */
export type SessionRecord = Omit<CustomerSession, 'token' | 'customer'> & { readonly customerId: CustomerId };

/** The merchant's sessions with these ids, in no order. */
export async function listCustomerSessions(
  db: Queries,
  merchant: MerchantScope,
  ids: readonly string[],
): Promise<SessionRecord[]> {
  const rows = await db.read<SessionRow>(
    sql`select /* access.listCustomerSessions */ id, customer_id, permissions, expires_at from customer_sessions
      where merchant_id = ${merchant.id} and id = any (${ids}::text[])`,
  );
  return rows.map(({ id, customer_id: customerId, permissions, expires_at: expiresAt }) => ({
    id,
    customerId,
    permissions,
    expiresAt,
  }));
}

/** Each new session takes so many dead ones away, so that the table does not grow for ever. */
const SWEEP = 10;

/** Inserts a session and takes dead ones away; false when there is no such customer. */
export async function insertCustomerSession(
  db: Queries,
  merchant: MerchantScope,
  session: NewCustomerSession,
): Promise<boolean> {
  const { id, customerId, createdBy, secretHash, permissions, createdAt, expiresAt } = session;
  const { keyId, isPartners, secretVersion } = createdBy;
  await deleteDeadSessions(db, merchant, createdAt);
  const rows = await db.write(sql`insert /* access.insertCustomerSession */ into customer_sessions (
      merchant_id, id, customer_id, api_key_id, partner_key_id, key_secret_version, secret_hash, permissions,
      created_at, expires_at
    )
    select ${merchant.id}, ${id}, c.id, ${isPartners ? null : keyId}, ${isPartners ? keyId : null},
      ${secretVersion}::integer, ${secretHash}, ${permissions}::text[], ${createdAt}, ${expiresAt}
    from customers c where c.merchant_id = ${merchant.id} and c.id = ${customerId}
    returning id`);
  return rows.length > 0;
}

async function deleteDeadSessions(db: Queries, merchant: MerchantScope, at: Date): Promise<void> {
  await db.write(sql`delete /* access.deleteDeadSessions */ from customer_sessions
    where merchant_id = ${merchant.id} and id in (
      select id from customer_sessions where merchant_id = ${merchant.id} and expires_at < ${at}
      order by expires_at limit ${SWEEP}
    )
    returning id`);
}
