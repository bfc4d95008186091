import { authorise } from '../access/authorise.js';
import type { CustomerSession } from '../customer-sessions/customer-session.js';
import { listCustomerSessions } from '../customer-sessions/customer-session.repository.js';
import type { Customer } from '../customers/customer.js';
import type { NodePlans, NodeValue } from '../nodes/node.js';
import { listNodes } from '../nodes/node.repository.js';
import type { Operation } from '../operation.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { KeptResult } from './idempotency.repository.js';
import type { IdempotentMutation, KeptObject } from './idempotent-mutations.js';

type Kept = NodeValue | CustomerSession;

/** A payload's fields as a replay gives them, and whether an object of it has been deleted in the meantime. */
export interface Replayed {
  readonly fields: Readonly<Record<string, Kept | string | boolean | null>>;
  readonly isGone: boolean;
}

/** Gives what a mutation gave before: the same objects as they are now, in one statement; no secret is shown again. */
export async function replayMutation(
  op: Operation,
  { action, keeps }: IdempotentMutation,
  kept: KeptResult,
  plans: NodePlans,
): Promise<Replayed> {
  const merchant = authorise(op, action);
  const ids = Object.entries(keeps).flatMap(([field, kind]) => (isObject(kind) ? [kept[field]] : []));
  const known = ids.filter((id) => typeof id === 'string');
  const found = known.length > 0 ? await listKept(op, merchant, keeps, known, plans) : [];
  const byId = new Map<unknown, Kept>(found.map((object) => [object.id, object]));
  const fields = Object.entries(keeps).map(([field, kind]) => {
    if (kind === 'secret') return [field, null] as const;
    return [field, isObject(kind) ? (byId.get(kept[field]) ?? null) : (kept[field] ?? null)] as const;
  });
  return { fields: Object.fromEntries(fields), isGone: known.some((id) => !byId.has(id)) };
}

/** The kept objects of the types that the payload has, as they are now: one statement; for sessions two. */
async function listKept(
  op: Operation,
  merchant: MerchantScope,
  keeps: IdempotentMutation['keeps'],
  ids: readonly string[],
  plans: NodePlans,
): Promise<readonly Kept[]> {
  const kinds = Object.values(keeps).filter(isObject);
  if (kinds.includes('CustomerSession')) return listKeptSessions(op, merchant, ids, plans);
  const types = new Set(kinds.filter((kind) => kind !== 'CustomerSession'));
  const partner = op.actor.kind === 'api-key' ? op.actor.partner : null;
  return listNodes(op.db, { merchant, partnerId: partner?.id ?? null }, ids, { types, plans });
}

/** Sessions with their customers. One whose customer is deleted at this moment is gone with it. */
async function listKeptSessions(
  { db }: Operation,
  merchant: MerchantScope,
  ids: readonly string[],
  plans: NodePlans,
): Promise<CustomerSession[]> {
  const sessions = await listCustomerSessions(db, merchant, ids);
  const customerIds = sessions.map(({ customerId }) => customerId);
  const search = { types: new Set(['Customer'] as const), plans };
  const customers = await listNodes(db, { merchant, partnerId: null }, customerIds, search);
  return sessions.flatMap(({ customerId, ...session }) => {
    const customer = customers.find(({ id }) => id === customerId) as Customer | undefined;
    return customer ? [{ ...session, customer, token: null }] : [];
  });
}

function isObject(kind: IdempotentMutation['keeps'][string]): kind is KeptObject {
  return kind !== 'id' && kind !== 'flag' && kind !== 'secret';
}

/** What is kept of a payload: an object by its id; a secret not at all. */
export function keptOf(
  { keeps }: IdempotentMutation,
  payload: Readonly<Record<string, unknown>>,
): KeptResult {
  const kept = Object.entries(keeps).flatMap(([field, kind]) => {
    if (kind === 'secret') return [];
    const value = payload[field] ?? null;
    return [[field, isObject(kind) ? ((value as Kept | null)?.id ?? null) : value] as const];
  });
  return Object.fromEntries(kept) as KeptResult;
}
