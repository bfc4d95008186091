import { callerIdOf } from '../access/actor.js';
import { authorise } from '../access/authorise.js';
import type { Queries } from '../db/queries.js';
import type { Operation } from '../operation.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { fail, type Result, succeed } from '../shared/result.js';
import { canonicalText } from './canonical-text.js';
import { type CallHashes, insertRecord, type KeptResult, lockKey } from './idempotency.repository.js';
import type { KeyedMutation } from './kept-fields.js';

/** One call of a mutation under an idempotency key. */
export interface KeyedCall {
  readonly mutation: KeyedMutation;
  /** The client's own. */
  readonly key: string;
  readonly arguments: object;
}

/** What the mutation gave; `kept` null: it was refused and changed nothing. */
export interface CarriedOut<Value> {
  readonly value: Value;
  readonly kept: KeptResult | null;
}

/** What became of a keyed call: it was carried out now, or it had been, and then this is what was kept of it. */
export type Once<Value> = { readonly value: Value } | { readonly replay: KeptResult };

/**
 * Carries a mutation out under an idempotency key, at most once in 24 hours. The key is locked, the record looked up,
 * the mutation carried out and the record written in one transaction, so that a crash leaves all of it or nothing.
 * What was refused is not kept: a corrected call may use the key again.
 *
 * Fails with IDEMPOTENCY_IN_PROGRESS while another call has the key, and with IDEMPOTENCY_KEY_REUSED when the key
 * was used with other arguments.
 *
 * @param carryOut carries the mutation out over the queries that it is given.
 * @throws Unauthenticated and Forbidden, before anything is looked up.
 */
export async function carryOutOnce<Value>(
  op: Operation,
  call: KeyedCall,
  carryOut: (transaction: Queries) => Promise<CarriedOut<Value>>,
): Promise<Result<Once<Value>>> {
  const merchant = authorise(op, call.mutation.action);
  const hashes = hashesOf(op, merchant, call);
  return op.db.transaction<Result<Once<Value>>>(async (transaction) => {
    const { isLocked, record } = await lockKey(transaction, merchant, hashes);
    if (!isLocked) return fail({ code: 'IDEMPOTENCY_IN_PROGRESS' });
    if (record && !record.isOver)
      return record.same ? succeed({ replay: record.result }) : fail({ code: 'IDEMPOTENCY_KEY_REUSED' });
    const { value, kept } = await carryOut(transaction);
    if (kept) insertRecord(transaction, merchant, hashes, { result: kept, replaces: record !== null });
    return succeed({ value });
  });
}

/** The key counts within its caller and mutation; the arguments whatever the order in which they were written. */
function hashesOf(
  { actor }: Operation,
  { vault }: MerchantScope,
  { mutation: { name }, key, arguments: given }: KeyedCall,
): CallHashes {
  return {
    key: vault.hash('idempotency', canonicalText(['key', callerIdOf(actor), name, key])),
    arguments: vault.hash('idempotency', canonicalText(['arguments', given])),
  };
}
