import { authorise } from '../access/authorise.js';
import { ownerOfNodes } from '../nodes/find-nodes.js';
import type { NodeTypes, PlanOf } from '../nodes/node.js';
import { listNodes } from '../nodes/node.repository.js';
import type { Operation } from '../operation.js';
import type { KeptResult } from './idempotency.repository.js';
import type { FindKept, KeptField, KeptFields, KeptObject, KeyedMutation, PlanAt } from './kept-fields.js';

/** A payload's fields as a replay gives them, and whether an object of it has been deleted in the meantime. */
export interface Replayed {
  readonly fields: Readonly<Record<string, KeptObject | string | boolean | null>>;
  readonly isGone: boolean;
}

/** How the objects of a payload are found again: nodes, or by a function of their type's own. */
export interface Finders {
  readonly nodes: NodeTypes;
  readonly kept: Readonly<Record<string, FindKept>>;
}

/** Gives what a mutation gave before: the same objects as they are now; no secret is shown again. */
export async function replayMutation(
  op: Operation,
  mutation: KeyedMutation,
  kept: KeptResult,
  finders: Finders,
  planAt: PlanAt,
): Promise<Replayed> {
  const { keeps } = mutation;
  const ids = Object.entries(keeps).flatMap(([field, kind]) => (isObject(kind) ? [kept[field]] : []));
  const known = ids.filter((id) => typeof id === 'string');
  const found = await listKept(op, mutation, known, finders, planAt);
  const byId = new Map<unknown, KeptObject>(found.map((object) => [object.id, object]));
  const fields = Object.entries(keeps).map(([field, kind]) => {
    if (kind === 'secret') return [field, null] as const;
    return [field, isObject(kind) ? (byId.get(kept[field]) ?? null) : (kept[field] ?? null)] as const;
  });
  return { fields: Object.fromEntries(fields), isGone: known.some((id) => !byId.has(id)) };
}

/** The kept objects as they are now: all nodes in one statement. */
async function listKept(
  op: Operation,
  { action, keeps }: KeyedMutation,
  ids: readonly string[],
  { nodes, kept }: Finders,
  planAt: PlanAt,
): Promise<readonly KeptObject[]> {
  const merchant = authorise(op, action);
  if (ids.length === 0) return [];
  const objects = Object.entries(keeps).filter(([, kind]) => isObject(kind));
  const found = objects.flatMap(([field, kind]) => kept[kind]?.(op, merchant, { ids, field, planAt }) ?? []);
  const types = Object.fromEntries(objects.flatMap(([, kind]) => (nodes[kind] ? [[kind, nodes[kind]]] : [])));
  const planOf: PlanOf = (noun) => {
    const fields = objects.filter(([, kind]) => kind === noun.typeName);
    return planAt(
      noun,
      fields.map(([field]) => [field]),
    );
  };
  const lists = [...found, listNodes(op.db, ownerOfNodes(op, merchant), ids, types, planOf)];
  return (await Promise.all(lists)).flat();
}

function isObject(kind: KeptField): boolean {
  return kind !== 'id' && kind !== 'flag' && kind !== 'secret';
}

/** What is kept of a payload: an object by its id; a secret not at all. */
export function keptOf(keeps: KeptFields, payload: Readonly<Record<string, unknown>>): KeptResult {
  const kept = Object.entries(keeps).flatMap(([field, kind]) => {
    if (kind === 'secret') return [];
    const value = payload[field] ?? null;
    return [[field, isObject(kind) ? ((value as KeptObject | null)?.id ?? null) : value] as const];
  });
  return Object.fromEntries(kept) as KeptResult;
}
