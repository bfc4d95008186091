import type { GraphQLResolveInfo } from 'graphql';
import type { Action } from '../access/actions.js';
import { assertMayDo, type Caller, mayDo } from '../access/authorise.js';
import { fieldsAt, fieldsBelow } from '../read-plan/selected-field.js';
import { selectedField } from './selection.js';

/**
 * What of an object that a call has just changed may be seen without the scope to read it: enough to name it in
 * the next call. A field with an action of its own still takes that.
 */
const visibleWithoutReadScope: ReadonlySet<string> = new Set(['__typename', 'id', 'token', 'version']);

/**
 * Makes sure that the caller may read what the answer shows of an object that the call has changed or named: anything
 * with the action to read it, otherwise what names it.
 *
 * @param path from the resolver's own field to the object.
 * @throws Forbidden
 */
export function assertMayShow(
  caller: Caller,
  info: GraphQLResolveInfo,
  path: readonly string[],
  action: Action,
): void {
  if (mayDo(caller, action)) return;
  const shown = fieldsAt(selectedField(info), path).flatMap(fieldsBelow);
  if (!shown.every(({ name }) => visibleWithoutReadScope.has(name))) assertMayDo(caller, action);
}
