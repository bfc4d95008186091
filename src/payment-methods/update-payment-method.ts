import { isDeepStrictEqual } from 'node:util';
import { authorise } from '../access/authorise.js';
import { ownColumns, versionConflict } from '../customers/customer-change.repository.js';
import type { Operation } from '../operation.js';
import { openedValue } from '../sealing/sealed-value.js';
import { outrun, untilNotOutrun } from '../shared/attempts.js';
import { type PaymentMethodId, parseId } from '../shared/id.js';
import { type Given, InputReader } from '../shared/input-reader.js';
import { toInstant } from '../shared/instant.js';
import { fail, type Result, succeed } from '../shared/result.js';
import {
  type BillingDetailsInput,
  checkLabel,
  type PaymentMethodSecrets,
  readBillingDetails,
  secretsOf,
} from './payment-method.js';
import { type Answer, findWithCustomer } from './payment-method.repository.js';
import { updateSecrets } from './payment-method-change.repository.js';
import type { ChangedPaymentMethod } from './set-default-payment-method.js';

export interface UpdatePaymentMethodInput {
  readonly id: string;
  readonly label?: Given<string>;
  readonly billingDetails?: Given<BillingDetailsInput>;
  readonly expectedVersion?: Given<number>;
}

/**
 * Changes label and billing details of a payment method: what is left out stays, null clears, billing details
 * are replaced as a whole.
 *
 * Fails with every problem of the input, or NOT_FOUND, VERSION_CONFLICT. The same values change nothing.
 */
export async function updatePaymentMethod(
  op: Operation,
  input: UpdatePaymentMethodInput,
  answer: Answer,
): Promise<Result<ChangedPaymentMethod>> {
  const merchant = authorise(op, 'payment-methods.link');
  const reader = new InputReader();
  const read = reader.result(readChange(reader, input));
  if (!read.ok) return read;
  const id = parseId<PaymentMethodId>(input.id);
  const wanted = { ...answer, customer: ownColumns(answer.customer) };
  return untilNotOutrun<Result<ChangedPaymentMethod>>(async () => {
    const found = id && (await findWithCustomer(op.db, merchant, id, wanted));
    if (!found) return fail({ code: 'NOT_FOUND', field: ['input', 'id'] });
    const { customer } = found;
    const paymentMethod = { ...found, customer: null };
    if ((input.expectedVersion ?? customer.version) !== customer.version) return fail(versionConflict);
    const secrets = { ...secretsOf(paymentMethod), ...read.value };
    if (isDeepStrictEqual(secrets, secretsOf(paymentMethod))) return succeed({ paymentMethod, customer });
    const at = op.now();
    const done = await updateSecrets(op.db, merchant, paymentMethod, secrets, {
      version: customer.version,
      at,
    });
    if (!done) return outrun;
    const changed = { ...paymentMethod, secrets: openedValue(secrets), updatedAt: toInstant(at) };
    const changedCustomer = { ...customer, version: customer.version + 1, updatedAt: toInstant(at) };
    return succeed({ paymentMethod: changed, customer: changedCustomer });
  });
}

/** What is given of label and billing details. */
function readChange(
  reader: InputReader,
  { label, billingDetails }: UpdatePaymentMethodInput,
): Partial<PaymentMethodSecrets> {
  const at = ['input', 'billingDetails'];
  return {
    ...(label !== undefined && { label: reader.optional(['input', 'label'], label, checkLabel) }),
    ...(billingDetails !== undefined && {
      billingDetails: billingDetails && readBillingDetails(reader, at, billingDetails),
    }),
  };
}
