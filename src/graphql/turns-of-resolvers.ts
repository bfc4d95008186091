import type { Resolvers } from '../generated/graphql.js';
import type { Context } from '../graphql-kit/context.js';
import { takeTurn } from '../turns/take-turn.js';
import type { Turns } from '../turns/turns.js';

type MutationResolver = (
  parent: unknown,
  args: { readonly input?: object },
  op: Context,
  info: unknown,
) => Promise<unknown>;

/** Lets the mutations of one customer take turns, keyed ones before their transaction. */
export function inTurns(turns: Turns): (resolvers: Resolvers) => Resolvers {
  return ({ Mutation = {}, ...others }) => {
    const mutations = Object.entries(Mutation).map(([name, given]) => {
      const resolve = given as unknown as MutationResolver;
      const inTurn: MutationResolver = (parent, args, op, info) =>
        takeTurn(turns, op, { name, input: args.input ?? {} }, () => resolve(parent, args, op, info));
      return [name, inTurn];
    });
    return { ...others, Mutation: Object.fromEntries(mutations) };
  };
}
