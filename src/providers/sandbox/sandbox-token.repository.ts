import type { Queries } from '../../db/queries.js';
import { sql } from '../../db/sql.js';
import type { MerchantScope } from '../../sealing/merchant-scope.js';
import type { Place } from '../../sealing/merchant-vault.js';
import type { BillingDetails, PaymentMethodDetails } from '../../shared/payment-method-details.js';

/** What a token of the sandbox stands for; kept sealed, under a keyed hash of the token. */
export interface SandboxToken {
  readonly details: PaymentMethodDetails;
  readonly billingDetails: BillingDetails | null;
}

/** How long a token of the sandbox can be linked. */
const LIFETIME_MS = 24 * 60 * 60 * 1_000;
/** Each new token takes so many dead ones away, so that the table does not grow for ever. */
const SWEEP = 10;

export async function insertSandboxToken(
  db: Queries,
  merchant: MerchantScope,
  { token, at }: { readonly token: string; readonly at: Date },
  value: SandboxToken,
): Promise<void> {
  const hash = hashOf(merchant, token);
  await db.write(sql`with /* tokenization.insertSandboxToken */ dead as (
      delete from sandbox_tokens where merchant_id = ${merchant.id} and token_hash in (
        select token_hash from sandbox_tokens
        where merchant_id = ${merchant.id} and created_at < ${earliest(at)} order by created_at limit ${SWEEP}
      )
    )
    insert into sandbox_tokens (merchant_id, token_hash, sealed, created_at)
    values (${merchant.id}, ${hash}, ${merchant.vault.seal(placeOf(hash), value)}, ${at})
    returning created_at`);
}

/** Null for a token that was never made, and for one that is too old. */
export async function findSandboxToken(
  db: Queries,
  merchant: MerchantScope,
  { token, at }: { readonly token: string; readonly at: Date },
): Promise<(SandboxToken & { readonly createdAt: Date }) | null> {
  const hash = hashOf(merchant, token);
  const [row] = await db.read<{ sealed: Uint8Array; created_at: Date }>(
    sql`select /* tokenization.findSandboxToken */ sealed, created_at from sandbox_tokens
      where merchant_id = ${merchant.id} and token_hash = ${hash} and created_at >= ${earliest(at)}`,
  );
  if (!row) return null;
  const value = merchant.vault.open(placeOf(hash), row.sealed) as SandboxToken;
  return { ...value, createdAt: row.created_at };
}

function earliest(at: Date): Date {
  return new Date(at.getTime() - LIFETIME_MS);
}

function hashOf({ vault }: MerchantScope, token: string): Buffer {
  return vault.hash('sandbox-token', token);
}

function placeOf(hash: Buffer): Place {
  // Not yet anybody's: a token hangs on a customer only once it is linked.
  return { table: 'sandbox_tokens', rowId: hash.toString('hex'), customerId: '' };
}
