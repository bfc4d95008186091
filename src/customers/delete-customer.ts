import { authorise } from '../access/authorise.js';
import type { Operation } from '../operation.js';
import { untilVersionHolds, versionChanged } from '../shared/attempts.js';
import { type CustomerId, parseId } from '../shared/id.js';
import type { Given } from '../shared/input-reader.js';
import { fail, type Result, succeed } from '../shared/result.js';
import { versionConflict } from './customer-change.js';
import { deleteCustomer as deleteRow } from './customer-write.repository.js';

export interface DeleteCustomerInput {
  readonly id: string;
  readonly expectedVersion?: Given<number>;
}

/**
 * Deletes a customer with its addresses and payment methods. From then on its ids and tokens are as if they had
 * never been given out.
 *
 * Fails with NOT_FOUND or VERSION_CONFLICT.
 */
export async function deleteCustomer(op: Operation, input: DeleteCustomerInput): Promise<Result<CustomerId>> {
  const merchant = authorise(op, 'customers.delete');
  const id = parseId<CustomerId>(input.id);
  const expectedVersion = input.expectedVersion ?? null;
  return untilVersionHolds(async () => {
    const row = id && (await deleteRow(op.db, merchant, id, expectedVersion));
    if (!row) return fail({ code: 'NOT_FOUND', field: ['input', 'id'] });
    if (row.deleted) return succeed(id);
    return expectedVersion !== null && row.version !== expectedVersion
      ? fail(versionConflict)
      : versionChanged;
  });
}
