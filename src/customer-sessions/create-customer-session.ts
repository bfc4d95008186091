import { authorise } from '../access/authorise.js';
import { type SessionPermission, scopesBehind } from '../access/scopes.js';
import { newSessionToken } from '../access/secret.js';
import { keySecretOf } from '../api-keys/change-keys.js';
import { exceedsScopes } from '../api-keys/exceeds.js';
import type { Customer } from '../customers/customer.js';
import { findCustomer } from '../customers/customer.repository.js';
import type { Operation } from '../operation.js';
import type { ReadPlan } from '../read-plan/read-plan.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { type CustomerId, type CustomerSessionId, parseId } from '../shared/id.js';
import { InputReader } from '../shared/input-reader.js';
import { fail, type Problem, type Result, succeed } from '../shared/result.js';
import type { CustomerSession } from './customer-session.js';
import { insertCustomerSession } from './customer-session.repository.js';

export interface CreateCustomerSessionInput {
  readonly customerId: string;
  readonly permissions: readonly SessionPermission[];
  readonly expiresInSeconds: number;
}

const [SHORTEST_SECONDS, LONGEST_SECONDS] = [60, 86_400];

const noCustomer: Problem = { code: 'NOT_FOUND', field: ['input', 'customerId'] };

/**
 * Makes a session of a customer, for a browser or an app. It can do nothing that the caller's own key could not
 * do, and ends with that key and with the secret that the caller has of it.
 *
 * Fails with every problem of the input, SCOPE_EXCEEDED among them, or NOT_FOUND.
 *
 * @param plan of the customer in the answer; null where it shows none.
 */
export async function createCustomerSession(
  op: Operation,
  input: CreateCustomerSessionInput,
  plan: ReadPlan<Customer> | null,
): Promise<Result<CustomerSession>> {
  const merchant = authorise(op, 'customer-sessions.create');
  const read = readSession(op, input);
  if (!read.ok) return read;
  const customerId = parseId<CustomerId>(input.customerId);
  if (!customerId) return fail(noCustomer);
  const customer = plan && (await findCustomer(op.db, merchant, { id: customerId }, plan));
  if (plan && !customer) return fail(noCustomer);
  return makeSession(op, merchant, { ...input, customerId, customer, permissions: read.value });
}

interface NewSession {
  readonly customerId: CustomerId;
  readonly customer: Customer | null;
  readonly permissions: readonly SessionPermission[];
  readonly expiresInSeconds: number;
}

async function makeSession(
  op: Operation,
  merchant: MerchantScope,
  { customerId, customer, permissions, expiresInSeconds }: NewSession,
): Promise<Result<CustomerSession>> {
  const id = op.ids.next<CustomerSessionId>();
  const { token, secretHash } = newSessionToken({ mode: merchant.mode, merchantId: merchant.id }, id);
  const createdAt = op.now();
  const expiresAt = earlier(new Date(createdAt.getTime() + expiresInSeconds * 1_000), endOf(op));
  const session = { id, customerId, permissions, secretHash, createdAt, expiresAt };
  const inserted = await insertCustomerSession(op.db, merchant, { ...session, createdBy: keySecretOf(op) });
  return inserted ? succeed({ id, token, customer, permissions, expiresAt }) : fail(noCustomer);
}

function readSession(
  { actor }: Operation,
  { permissions, expiresInSeconds }: CreateCustomerSessionInput,
): Result<readonly SessionPermission[]> {
  const reader = new InputReader();
  const wanted = [...new Set(permissions)];
  const field = ['input', 'permissions'];
  if (wanted.length === 0) reader.report({ code: 'REQUIRED', field });
  if (wanted.some((permission) => exceedsScopes(actor, scopesBehind[permission]))) {
    reader.report({ code: 'SCOPE_EXCEEDED', field });
  }
  if (expiresInSeconds < SHORTEST_SECONDS || expiresInSeconds > LONGEST_SECONDS) {
    const message = `It must be ${SHORTEST_SECONDS} to ${LONGEST_SECONDS}.`;
    reader.report({ code: 'INVALID', field: ['input', 'expiresInSeconds'], message });
  }
  return reader.result(wanted);
}

function endOf({ actor }: Operation): Date | null {
  return actor.kind === 'anonymous' ? null : actor.expiresAt;
}

function earlier(one: Date, other: Date | null): Date {
  return other && other < one ? other : one;
}
