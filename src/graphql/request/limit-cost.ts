import type { Context } from '../../graphql-kit/context.js';
import { errorOf } from '../../graphql-kit/errors.js';

/**
 * Notes what an operation could cost at most, for the answer to tell, and refuses too much.
 *
 * @throws QUERY_TOO_COMPLEX with status 400.
 */
export function limitCost({ cost }: Context, requested: number): void {
  cost.requested = requested;
  // Written so that what is no number is refused.
  if (requested <= cost.limit) return;
  throw errorOf(
    'QUERY_TOO_COMPLEX',
    `The operation could cost ${requested}; at most ${cost.limit} is allowed. Ask for smaller pages, or for fewer counts, searches and lists at once.`,
    { extensions: { http: { status: 400 } } },
  );
}
