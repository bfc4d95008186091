import type { Context } from '../context.js';
import { errorOf } from '../errors.js';

/**
 * Notes what an operation could return at most, for the answer to tell, and refuses too much.
 *
 * @throws QUERY_TOO_COMPLEX with status 400.
 */
export function limitCost({ cost }: Context, requested: number): void {
  cost.requested = requested;
  if (requested <= cost.limit) return;
  throw errorOf(
    'QUERY_TOO_COMPLEX',
    `The operation could return ${requested} objects; at most ${cost.limit} are allowed. Ask for smaller pages.`,
    { extensions: { http: { status: 400 } } },
  );
}
