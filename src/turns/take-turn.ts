import { authorise } from '../access/authorise.js';
import { idempotentMutation } from '../idempotency/idempotent-mutations.js';
import type { Operation } from '../operation.js';
import { parseId } from '../shared/id.js';
import { findOwnerOf } from './owner.repository.js';
import type { Turns } from './turns.js';

/** How the input of a mutation says which customer it changes. */
type Naming = 'id' | 'customerId' | 'reference' | 'belonging';

/**
 * Every mutation that changes a customer that may be there, or what belongs to one. `linkPaymentMethod` is not among
 * them: it asks the provider, which may take long, and its one statement looks at the customer when it is carried out,
 * so that no more of them race than a merchant has connections.
 */
const namings: Readonly<Record<string, Naming>> = {
  upsertCustomer: 'reference',
  updateCustomer: 'id',
  deleteCustomer: 'id',
  addAddress: 'customerId',
  updateAddress: 'belonging',
  setDefaultAddress: 'belonging',
  removeAddress: 'belonging',
  updatePaymentMethod: 'belonging',
  setDefaultPaymentMethod: 'belonging',
  unlinkPaymentMethod: 'belonging',
};

/**
 * Carries a mutation out when it is its turn among those of the same customer. It comes before any connection is
 * taken, so that those who wait hold none.
 *
 * @throws what `authorise` throws, before anybody waits.
 */
export async function takeTurn<Value>(
  turns: Turns,
  op: Operation,
  { name, input }: { readonly name: string; readonly input: object },
  carryOut: () => Promise<Value>,
): Promise<Value> {
  const naming = Object.hasOwn(namings, name) ? namings[name] : undefined;
  const mutation = idempotentMutation(name);
  if (naming === undefined || mutation === null) return carryOut();
  const merchant = authorise(op, mutation.action);
  const given = String(Reflect.get(input, naming === 'belonging' ? 'id' : naming));
  const id = parseId(given);
  const isCrowded = naming === 'belonging' && turns.isCrowded(merchant.id);
  // The look-up is worth it only where many would race otherwise.
  const target = async () => (isCrowded && id && (await findOwnerOf(op.db, merchant, id))) || (id ?? given);
  return turns.take(merchant.id, target, carryOut);
}
