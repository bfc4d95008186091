import { customerNoun } from '../customers/customer.read-plan.js';
import { findCustomer } from '../customers/customer.repository.js';
import type { FindKept } from '../idempotency/kept-fields.js';
import type { CustomerSession } from './customer-session.js';
import { listCustomerSessions } from './customer-session.repository.js';

/** Sessions with their customers, without the token. One whose customer is deleted at this moment is gone with it. */
export const findKeptSessions: FindKept = async ({ db }, merchant, { ids, field, planAt }) => {
  const plan = planAt(customerNoun, [[field, 'customer']]);
  const sessions = await listCustomerSessions(db, merchant, ids);
  const found = sessions.map(async ({ customerId, ...session }): Promise<CustomerSession[]> => {
    const customer = await findCustomer(db, merchant, { id: customerId }, plan);
    return customer ? [{ ...session, customer, token: null }] : [];
  });
  return (await Promise.all(found)).flat();
};
