import { isDeepStrictEqual } from 'node:util';
import { authorise } from '../access/authorise.js';
import type { Customer } from '../customers/customer.js';
import { customerVersion } from '../customers/customer.read-plan.js';
import { versionConflict } from '../customers/customer-change.js';
import type { Operation } from '../operation.js';
import type { ReadPlan } from '../read-plan/read-plan.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { openedValue } from '../sealing/sealed-value.js';
import { untilVersionHolds, versionChanged } from '../shared/attempts.js';
import type { YearAndMonth } from '../shared/expiry.js';
import { type PaymentMethodId, parseId } from '../shared/id.js';
import { type Given, InputReader } from '../shared/input-reader.js';
import { toInstant } from '../shared/instant.js';
import {
  type BillingDetailsInput,
  type PaymentMethodDetails,
  readBillingDetails,
  readCardExpiry,
} from '../shared/payment-method-details.js';
import { fail, type Result, succeed } from '../shared/result.js';
import { checkLabel, type PaymentMethodSecrets, secretsOf } from './payment-method.js';
import { findWithCustomer, type MethodOfCustomer } from './payment-method.repository.js';
import { updatePaymentMethod as updateRow } from './payment-method-change.repository.js';
import type { ChangedPaymentMethod } from './set-default-payment-method.js';

export interface UpdatePaymentMethodInput {
  readonly id: string;
  readonly label?: Given<string>;
  readonly billingDetails?: Given<BillingDetailsInput>;
  readonly expiry?: Given<YearAndMonth>;
  readonly expectedVersion?: Given<number>;
}

/**
 * Changes label, billing details and a card's expiry: what is left out stays, null clears, billing details are
 * replaced as a whole. An expiry is for a card that was renewed, where the provider does not tell so by itself.
 *
 * Fails with every problem of the input, or NOT_FOUND, VERSION_CONFLICT. The same values change nothing.
 */
export async function updatePaymentMethod(
  op: Operation,
  input: UpdatePaymentMethodInput,
  plan: ReadPlan<Customer>,
): Promise<Result<ChangedPaymentMethod>> {
  const merchant = authorise(op, 'payment-methods.link');
  const reader = new InputReader();
  const read = reader.result(readChange(reader, input));
  if (!read.ok) return read;
  const id = parseId<PaymentMethodId>(input.id);
  return untilVersionHolds<Result<ChangedPaymentMethod>>(async () => {
    const found = id && (await findWithCustomer(op.db, merchant, id, customerVersion));
    if (!found) return fail({ code: 'NOT_FOUND', field: ['input', 'id'] });
    const { version } = found.customer;
    if ((input.expectedVersion ?? version) !== version) return fail(versionConflict);
    const { expiry, ...given } = read.value;
    const details = withExpiry(op, found.details, expiry);
    if (!details.ok) return details;
    const secrets = { ...secretsOf(found), ...given };
    const isSame = isDeepStrictEqual([secrets, details.value], [secretsOf(found), found.details]);
    if (isSame) return unchanged(op, merchant, found, plan);
    const at = op.now();
    const customer = await updateRow(op.db, merchant, found, { secrets, expiry }, { plan, version, at });
    if (!customer) return versionChanged;
    const changed = {
      secrets: openedValue(secrets),
      details: details.value,
      updatedAt: toInstant(at),
      customer,
    };
    return succeed({ paymentMethod: { ...found, ...changed }, customer });
  });
}

/** The details with a new expiry; null: as they are. */
function withExpiry(
  { provider }: Operation,
  details: PaymentMethodDetails,
  expiry: YearAndMonth | null,
): Result<PaymentMethodDetails> {
  if (expiry === null) return succeed(details);
  const refuse = (message: string) => fail({ code: 'INVALID', field: ['input', 'expiry'], message });
  if (details.type !== 'CARD') return refuse('Only a card has an expiry.');
  if (provider.tellsRenewals) return refuse('The tokenization provider tells of renewed cards by itself.');
  return succeed({ ...details, expiry });
}

async function unchanged(
  op: Operation,
  merchant: MerchantScope,
  { id, customer: { version } }: MethodOfCustomer,
  plan: ReadPlan<Customer>,
): Promise<Result<ChangedPaymentMethod> | typeof versionChanged> {
  const found = await findWithCustomer(op.db, merchant, id, plan);
  return found?.customer.version === version
    ? succeed({ paymentMethod: found, customer: found.customer })
    : versionChanged;
}

/** What is given of label and billing details, and the expiry; null: none is given. */
function readChange(
  reader: InputReader,
  { label, billingDetails, expiry }: UpdatePaymentMethodInput,
): Partial<PaymentMethodSecrets> & { readonly expiry: YearAndMonth | null } {
  const at = ['input', 'billingDetails'];
  if (expiry === null) reader.report({ code: 'REQUIRED', field: ['input', 'expiry'] });
  return {
    ...(label !== undefined && { label: reader.optional(['input', 'label'], label, checkLabel) }),
    ...(billingDetails !== undefined && {
      billingDetails: billingDetails && readBillingDetails(reader, at, billingDetails),
    }),
    expiry: expiry ? readCardExpiry(reader, ['input', 'expiry'], expiry) : null,
  };
}
