import { authorise } from '../access/authorise.js';
import type { NodeValue, WantedNodes } from '../nodes/node.js';
import { listNodes } from '../nodes/node.repository.js';
import type { Operation } from '../operation.js';
import type { KeptResult } from './idempotency.repository.js';
import type { IdempotentMutation } from './idempotent-mutations.js';

/** A payload's fields as a replay gives them, and whether an object of it has been deleted in the meantime. */
export interface Replayed {
  readonly fields: Readonly<Record<string, NodeValue | string | boolean | null>>;
  readonly isGone: boolean;
}

/** Gives what a mutation gave before: the same objects as they are now, in one statement; no secret is shown again. */
export async function replayMutation(
  op: Operation,
  { action, keeps }: IdempotentMutation,
  kept: KeptResult,
  wanted: WantedNodes,
): Promise<Replayed> {
  const merchant = authorise(op, action);
  const ids = Object.entries(keeps).flatMap(([field, kind]) => (isObject(kind) ? [kept[field]] : []));
  const known = ids.filter((id) => typeof id === 'string');
  const found = known.length > 0 ? await listNodes(op.db, merchant, known, wanted) : [];
  const byId = new Map<unknown, NodeValue>(found.map((node) => [node.id, node]));
  const fields = Object.entries(keeps).map(([field, kind]) => {
    if (kind === 'secret') return [field, null] as const;
    return [field, isObject(kind) ? (byId.get(kept[field]) ?? null) : (kept[field] ?? null)] as const;
  });
  return { fields: Object.fromEntries(fields), isGone: known.some((id) => !byId.has(id)) };
}

function isObject(kind: IdempotentMutation['keeps'][string]): kind is keyof WantedNodes {
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
    return [[field, isObject(kind) ? ((value as NodeValue | null)?.id ?? null) : value] as const];
  });
  return Object.fromEntries(kept) as KeptResult;
}
