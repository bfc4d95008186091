import type { Problem, Result } from '../shared/result.js';

/** Folds the outcome of a use case into a payload: what `show` makes of the value, or the problems as data. */
export function toPayload<Value, Fields extends object>(
  result: Result<Value>,
  show: (value: Value) => Fields,
): Partial<Fields> & { userErrors: Problem[] } {
  if (result.ok) return { ...show(result.value), userErrors: [] };
  return { userErrors: [...result.problems] } as Partial<Fields> & { userErrors: Problem[] };
}
