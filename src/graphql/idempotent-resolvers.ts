import type { GraphQLResolveInfo } from 'graphql';
import { addressNoun } from '../addresses/address.read-plan.js';
import { customerNoun } from '../customers/customer.read-plan.js';
import type { Resolvers } from '../generated/graphql.js';
import type { Context } from '../graphql-kit/context.js';
import { toPayload } from '../graphql-kit/payload.js';
import { selectionOf } from '../graphql-kit/selection.js';
import { carryOutOnce } from '../idempotency/carry-out-once.js';
import { type IdempotentMutation, idempotentMutation } from '../idempotency/idempotent-mutations.js';
import { keptOf, replayMutation } from '../idempotency/replay-mutation.js';
import type { NodePlans } from '../nodes/node.js';
import { paymentMethodNoun } from '../payment-methods/payment-method.read-plan.js';
import type { Noun } from '../read-plan/read-plan.js';
import { fail } from '../shared/result.js';
import { badUserInput } from './errors.js';

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
    return once(op, { name, mutation, key, arguments: args }, info, (transaction) =>
      resolve(parent, args, { ...op, ...transaction }, info),
    );
  };
}

/** What a mutation works with inside a transaction in place of what the operation has. */
type Inside = Pick<Context, 'db' | 'forgetKeys'>;

async function once(
  op: Context,
  call: Parameters<typeof carryOutOnce>[1],
  info: GraphQLResolveInfo,
  resolve: (inside: Inside) => Promise<Payload>,
): Promise<Payload> {
  const { mutation } = call;
  const changed = new Set<string>();
  const forgetKeys: Context['forgetKeys'] = (keyIds) => {
    for (const id of keyIds) changed.add(id);
  };
  const outcome = await carryOutOnce(op, call, async (db) => {
    const payload = await resolve({ db, forgetKeys });
    return { value: payload, kept: payload.userErrors.length === 0 ? keptOf(mutation, payload) : null };
  }).finally(() => {
    // Not before: until the commit, whoever looks up a key still finds its old secret.
    if (changed.size > 0) op.forgetKeys(changed);
  });
  if (!outcome.ok) return { ...flagsOf(mutation), ...toPayload(outcome, () => ({})) };
  if ('value' in outcome.value) return outcome.value.value;
  op.outcome.replayed = true;
  const { fields, isGone } = await replayMutation(
    op,
    mutation,
    outcome.value.replay,
    plansOf(op, info, mutation),
  );
  return { ...fields, userErrors: isGone ? toPayload(fail(gone), () => ({})).userErrors : [] };
}

const gone = { code: 'NOT_FOUND', message: 'It has been deleted since the first call.' } as const;

/** The schema promises every flag, also where nothing was carried out. */
function flagsOf({ keeps }: IdempotentMutation): Readonly<Record<string, boolean>> {
  const flags = Object.entries(keeps).filter(([, kind]) => kind === 'flag');
  return Object.fromEntries(flags.map(([field]) => [field, false]));
}

/** The plans of the objects of each type in the answer, wherever they stand in the payload. */
function plansOf(op: Context, info: GraphQLResolveInfo, { keeps }: IdempotentMutation): NodePlans {
  const selection = selectionOf(info);
  const plan = <Item extends object>(noun: Noun<Item>) => {
    const { typeName } = noun;
    const paths = Object.entries(keeps).flatMap(([field, kind]) => {
      if (kind === typeName) return [[field]];
      return kind === 'CustomerSession' && typeName === 'Customer' ? [[field, 'customer']] : [];
    });
    return op.planner.plan(noun, selection, op, paths);
  };
  return { Customer: plan(customerNoun), Address: plan(addressNoun), PaymentMethod: plan(paymentMethodNoun) };
}
