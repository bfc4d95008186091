import { mergeWants, type OpenWants, takePart } from '../db/wants.js';
import type { SelectedField } from '../graphql-kit/selection.js';
import { columns, type Planning } from '../read-plan/look-ahead.js';

/** What each field of a customer that is its own needs; other features plan theirs. */
export const customerPlanners = {
  Customer: {
    id: columns('id'),
    token: columns('token'),
    reference: columns('sealed'),
    name: columns('sealed'),
    email: columns('sealed'),
    phone: columns('sealed'),
    metadata: columns('sealed'),
    version: columns('version'),
    createdAt: columns('created_at'),
    updatedAt: columns('updated_at'),
  },
};

/**
 * What is wanted of objects that lie below a customer. Where they lead back to it, it is the same customer: what
 * is wanted of it there is added to what is wanted of it anyway.
 */
export function belowCustomer(
  typeName: string,
  customer: OpenWants,
  field: SelectedField,
  planning: Planning,
): OpenWants {
  return mergeBack(planning.wantsOf(typeName, field), customer);
}

/** Moves what is wanted of the customer of some objects to what is wanted of the customer that they hang on. */
export function mergeBack(below: OpenWants, customer: OpenWants): OpenWants {
  const back = takePart(below, 'customer');
  if (back) mergeWants(customer, back);
  return below;
}
