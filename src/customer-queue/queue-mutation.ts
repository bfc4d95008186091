import type { Action } from '../access/actions.js';
import { authorise } from '../access/authorise.js';
import type { Operation } from '../operation.js';
import { parseId } from '../shared/id.js';
import type { CustomerQueue } from './customer-queue.js';
import { findOwnerOf } from './owner.repository.js';

/** Where the input of a mutation names the customer that it changes; 'belonging': by the id of what the customer has. */
export type NamedBy = 'id' | 'customerId' | 'reference' | 'belonging';

interface Call {
  readonly action: Action;
  readonly changes: NamedBy;
  readonly input: object;
}

/**
 * Carries a mutation out after earlier ones of the same customer. It waits before any connection is taken.
 *
 * @throws what `authorise` throws, before anything waits.
 */
export async function queueMutation<Value>(
  queue: CustomerQueue,
  op: Operation,
  { action, changes, input }: Call,
  carryOut: () => Promise<Value>,
): Promise<Value> {
  const merchant = authorise(op, action);
  const given = String(Reflect.get(input, changes === 'belonging' ? 'id' : changes));
  const id = parseId(given);
  const isCrowded = changes === 'belonging' && queue.isCrowded(merchant.id);
  // The look-up is worth it only where many would race otherwise.
  const target = async () => (isCrowded && id && (await findOwnerOf(op.db, merchant, id))) || (id ?? given);
  return queue.run(merchant.id, target, carryOut);
}
