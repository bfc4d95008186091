import { authorise } from '../access/authorise.js';
import type { Customer } from '../customers/customer.js';
import { customerVersion } from '../customers/customer.read-plan.js';
import { findCustomer } from '../customers/customer.repository.js';
import { outcomeOf } from '../customers/customer-change.js';
import { UniqueViolation } from '../db/errors.js';
import type { Operation } from '../operation.js';
import type { TokenizedPaymentMethod } from '../providers/provider.js';
import type { ReadPlan } from '../read-plan/read-plan.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { openedValue } from '../sealing/sealed-value.js';
import { untilVersionHolds, versionChanged } from '../shared/attempts.js';
import { type CustomerId, type PaymentMethodId, parseId } from '../shared/id.js';
import { type Given, InputReader } from '../shared/input-reader.js';
import { toInstant } from '../shared/instant.js';
import { fail, type Problem, type Result, succeed } from '../shared/result.js';
import {
  insertPaymentMethod,
  type NewPaymentMethod,
  TOKEN_CONSTRAINT,
} from './link-payment-method.repository.js';
import { checkLabel, checkProviderToken, keptDetails, type PaymentMethod } from './payment-method.js';
import { findWithCustomer } from './payment-method.repository.js';

export type DuplicatePolicy = 'ALLOW' | 'RETURN_EXISTING' | 'REFUSE';

export interface LinkPaymentMethodInput {
  readonly customerId: string;
  readonly token: string;
  readonly label?: Given<string>;
  readonly isDefault?: Given<boolean>;
  readonly ifDuplicate: DuplicatePolicy;
  readonly expectedVersion?: Given<number>;
}

export interface LinkedPaymentMethod {
  readonly paymentMethod: PaymentMethod;
  readonly customer: Customer;
  /** True when the customer had it already and the call asked to get it back. */
  readonly existing: boolean;
}

/**
 * Links a tokenized payment method to a customer. The token is spent by it and cannot be linked again; the first
 * payment method of a customer is the default unless it says that it is not.
 *
 * Fails with every problem of the input, or NOT_FOUND, TOKEN_NOT_ACCEPTED, VERSION_CONFLICT, TOKEN_ALREADY_LINKED,
 * DUPLICATE_PAYMENT_METHOD.
 *
 * @throws ProviderUnavailable
 */
export async function linkPaymentMethod(
  op: Operation,
  input: LinkPaymentMethodInput,
  plan: ReadPlan<Customer>,
): Promise<Result<LinkedPaymentMethod>> {
  const merchant = authorise(op, 'payment-methods.link');
  const reader = new InputReader();
  const token = reader.required(['input', 'token'], input.token, checkProviderToken);
  const label = reader.optional(['input', 'label'], input.label, checkLabel);
  const read = reader.result({ token, label });
  if (!read.ok) return read;
  const customerId = parseId<CustomerId>(input.customerId);
  // Asked before the transaction: a slow call must not hold a row lock.
  const tokenized = await op.provider.findToken({ merchant, db: op.db, now: op.now }, token);
  if (!tokenized) return refuseToken(op, merchant, customerId);
  if (!customerId) return fail(noCustomer);
  const method = newPaymentMethod(op, merchant, { ...input, ...read.value, customerId }, tokenized);
  return untilVersionHolds(() => link(op, merchant, method, input, plan));
}

async function link(
  op: Operation,
  merchant: MerchantScope,
  method: NewPaymentMethod,
  { ifDuplicate, expectedVersion = null }: LinkPaymentMethodInput,
  plan: ReadPlan<Customer>,
): Promise<Result<LinkedPaymentMethod> | typeof versionChanged> {
  const change = { plan, expectedVersion, at: op.now() };
  const row = await insertPaymentMethod(op.db, merchant, method, ifDuplicate === 'ALLOW', change).catch(
    spentInRace,
  );
  if (row === 'spent') return fail(alreadyLinked);
  if (row === null) return fail(noCustomer);
  const outcome = outcomeOf(row, merchant, change, [
    row.spent && alreadyLinked,
    row.duplicate_id !== null && duplicate,
  ]);
  if (outcome === versionChanged) return versionChanged;
  if (outcome.ok) {
    const customer = outcome.value;
    const paymentMethod = linkedPaymentMethod(method, customer, {
      isDefault: row.becomes_default,
      at: change.at,
    });
    return succeed({ paymentMethod, customer, existing: false });
  }
  const mayReturnExisting = ifDuplicate === 'RETURN_EXISTING' && outcome.problems.includes(duplicate);
  return mayReturnExisting && row.duplicate_id ? existing(op, merchant, row.duplicate_id, plan) : outcome;
}

const noCustomer: Problem = { code: 'NOT_FOUND', field: ['input', 'customerId'] };
const notAccepted: Problem = { code: 'TOKEN_NOT_ACCEPTED', field: ['input', 'token'] };
const alreadyLinked: Problem = { code: 'TOKEN_ALREADY_LINKED', field: ['input', 'token'] };
const duplicate: Problem = { code: 'DUPLICATE_PAYMENT_METHOD', field: ['input', 'token'] };

/** The provider does not know the token; what is wrong with the customer is told along with it. */
async function refuseToken(
  op: Operation,
  merchant: MerchantScope,
  id: CustomerId | null,
): Promise<Result<never>> {
  const customer = id && (await findCustomer(op.db, merchant, { id }, customerVersion));
  return customer ? fail(notAccepted) : fail(noCustomer, notAccepted);
}

function spentInRace(error: unknown): 'spent' {
  if (error instanceof UniqueViolation && error.constraint === TOKEN_CONSTRAINT) return 'spent';
  throw error;
}

function newPaymentMethod(
  op: Operation,
  { vault }: MerchantScope,
  input: Pick<NewPaymentMethod, 'customerId'> & {
    token: string;
    label: string | null;
    isDefault?: Given<boolean>;
  },
  { details, billingDetails, fingerprint, tokenizedAt }: TokenizedPaymentMethod,
): NewPaymentMethod {
  return {
    id: op.ids.next<PaymentMethodId>(),
    customerId: input.customerId,
    token: op.newToken(),
    provider: op.provider.name,
    details: keptDetails(details),
    secrets: { label: input.label, billingDetails, providerToken: input.token },
    // The provider's own value would tell the same card apart across merchants.
    fingerprint:
      fingerprint === null ? null : vault.hash('fingerprint', `${op.provider.name}\0${fingerprint}`),
    isDefault: input.isDefault ?? null,
    tokenizedAt,
  };
}

function linkedPaymentMethod(
  { id, customerId, token, details, secrets, fingerprint, tokenizedAt }: NewPaymentMethod,
  customer: Customer,
  { isDefault, at }: { readonly isDefault: boolean; readonly at: Date },
): PaymentMethod {
  return {
    __typename: 'PaymentMethod',
    id,
    customerId,
    token,
    details,
    secrets: openedValue(secrets),
    fingerprint: fingerprint?.toString('hex') ?? null,
    isDefault,
    createdAt: toInstant(tokenizedAt),
    linkedAt: toInstant(at),
    updatedAt: toInstant(at),
    customer,
  };
}

/** The payment method that is there already, unless it has gone in the meantime. */
async function existing(
  op: Operation,
  merchant: MerchantScope,
  id: PaymentMethodId,
  plan: ReadPlan<Customer>,
): Promise<Result<LinkedPaymentMethod> | typeof versionChanged> {
  const found = await findWithCustomer(op.db, merchant, id, plan);
  if (!found) return versionChanged;
  return succeed({ paymentMethod: found, customer: found.customer, existing: true });
}
