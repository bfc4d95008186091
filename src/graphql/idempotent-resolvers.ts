import type { GraphQLResolveInfo } from 'graphql';
import type { Resolvers } from '../generated/graphql.js';
import { carryOutOnce } from '../idempotency/carry-out-once.js';
import { type IdempotentMutation, idempotentMutation } from '../idempotency/idempotent-mutations.js';
import { keptOf, replayMutation } from '../idempotency/replay-mutation.js';
import type { WantedNodes } from '../nodes/node.js';
import { fail } from '../shared/result.js';
import type { Context } from './context.js';
import { badUserInput } from './errors.js';
import { toPayload } from './payload.js';

type Payload = Readonly<Record<string, unknown>> & { readonly userErrors: readonly unknown[] };
type MutationResolver = (
  parent: unknown,
  args: object,
  op: Context,
  info: GraphQLResolveInfo,
) => Promise<Payload>;

/**
 * Makes a feature's mutations take an idempotency key. This is the only place where it is done: use cases and
 * repositories work over the queries that they are given, which for a keyed call are one transaction.
 */
export function withIdempotency({ Mutation = {}, ...others }: Resolvers): Resolvers {
  const mutations = Object.entries(Mutation).map(([name, resolve]) => [
    name,
    idempotent(name, resolve as MutationResolver),
  ]);
  return { ...others, Mutation: Object.fromEntries(mutations) };
}

function idempotent(name: string, resolve: MutationResolver): MutationResolver {
  const mutation = idempotentMutation(name);
  return (parent, args, op, info) => {
    const key = op.idempotency.keys?.get(String(info.path.key));
    if (key === undefined) return resolve(parent, args, op, info);
    if (!mutation) throw badUserInput(`\`${name}\` takes no idempotency key.`);
    return once(op, { name, mutation, key, arguments: args }, info, (db) =>
      resolve(parent, args, { ...op, db }, info),
    );
  };
}

async function once(
  op: Context,
  call: Parameters<typeof carryOutOnce>[1],
  info: GraphQLResolveInfo,
  resolve: (db: Context['db']) => Promise<Payload>,
): Promise<Payload> {
  const { mutation } = call;
  const outcome = await carryOutOnce(op, call, async (transaction) => {
    const payload = await resolve(transaction);
    return { value: payload, kept: payload.userErrors.length === 0 ? keptOf(mutation, payload) : null };
  });
  if (!outcome.ok) return { ...flagsOf(mutation), ...toPayload(outcome, () => ({})) };
  if ('value' in outcome.value) return outcome.value.value;
  op.outcome.replayed = true;
  const { fields, isGone } = await replayMutation(
    op,
    mutation,
    outcome.value.replay,
    wantedOf(op, info, mutation),
  );
  return { ...fields, userErrors: isGone ? toPayload(fail(gone), () => ({})).userErrors : [] };
}

const gone = { code: 'NOT_FOUND', message: 'It has been deleted since the first call.' } as const;

/** The schema promises every flag, also where nothing was carried out. */
function flagsOf({ keeps }: IdempotentMutation): Readonly<Record<string, boolean>> {
  const flags = Object.entries(keeps).filter(([, kind]) => kind === 'flag');
  return Object.fromEntries(flags.map(([field]) => [field, false]));
}

/** What the answer wants of the objects of each type, wherever they stand in the payload. */
function wantedOf(op: Context, info: GraphQLResolveInfo, { keeps }: IdempotentMutation): WantedNodes {
  const wants = (typeName: keyof WantedNodes) => {
    const paths = Object.entries(keeps).filter(([, kind]) => kind === typeName);
    return op.lookAhead.wants(
      typeName,
      info,
      op,
      paths.map(([field]) => [field]),
    );
  };
  return { Customer: wants('Customer'), Address: wants('Address'), PaymentMethod: wants('PaymentMethod') };
}
