import { type GraphQLResolveInfo, isEnumType, isObjectType } from 'graphql';
import { addressFieldPlans } from '../../src/addresses/address.read-plan.js';
import { customerFieldPlans } from '../../src/customers/customer.read-plan.js';
import { features } from '../../src/features.js';
import { foldFeatures } from '../../src/graphql/folded-features.js';
import { createSchema } from '../../src/graphql/schema.js';
import { AnswerSize } from '../../src/graphql-kit/answer-size.js';
import { toPayload } from '../../src/graphql-kit/payload.js';
import { paymentMethodFieldPlans } from '../../src/payment-methods/payment-method.read-plan.js';
import { fail, type ProblemCode } from '../../src/shared/result.js';

const schema = createSchema('schema', features);
const planners: readonly Record<string, Record<string, unknown>>[] = [
  customerFieldPlans,
  addressFieldPlans,
  paymentMethodFieldPlans,
];

test.each(['Customer', 'Address', 'PaymentMethod'])('plans every field of %s and no other', (name) => {
  const type = schema.getType(name);
  const fields = isObjectType(type) ? Object.keys(type.getFields()) : [];
  const planned = planners.flatMap((table) => Object.keys(table[name] ?? {}));

  expect(fields.length).toBeGreaterThan(10);
  expect(planned.sort()).toEqual(fields.sort());
});

test('plans fields of no other types', () => {
  const types = new Set(planners.flatMap((table) => Object.keys(table)));

  expect([...types].sort()).toEqual(['Address', 'Customer', 'PaymentMethod']);
});

test('knows the same codes of problems as the schema', () => {
  const type = schema.getType('UserErrorCode');
  const inSchema = isEnumType(type) ? type.getValues().map(({ name }) => name) : [];

  expect(inSchema.length).toBeGreaterThan(5);
  expect(Object.keys(foldFeatures(features).sentences).sort()).toEqual(inSchema.sort());
});

const info = {} as GraphQLResolveInfo;
const context = { answer: new AnswerSize({ objects: 1, bytes: 10_000 }) };

test('has a sentence of its own for every code of a problem', () => {
  const type = schema.getType('UserErrorCode');
  const codes = isEnumType(type) ? type.getValues().map(({ name }) => name as ProblemCode) : [];

  const { userErrors } = toPayload(fail(...codes.map((code) => ({ code }))), () => ({}));
  const userError = schema.getType('UserError');
  const shown = (problem: object, name: string) =>
    isObjectType(userError) && userError.getFields()[name]?.resolve?.(problem, {}, context, info);
  const messages = userErrors.map((problem) => String(shown(problem, 'message')));

  expect(userErrors.map((problem) => [shown(problem, 'code'), shown(problem, 'field')])).toEqual(
    codes.map((code) => [code, null]),
  );
  expect(messages.every((message) => /^[A-Z].+\.$/.test(message))).toBe(true);
  expect(new Set(messages).size).toBe(codes.length);
});

test('has the sandbox in it only where it is the provider', () => {
  const fieldsOf = (isSandbox: boolean) => {
    const served = features.filter(({ provider }) => provider === undefined || isSandbox);
    return Object.keys(createSchema('schema', served).getMutationType()?.getFields() ?? {});
  };

  expect(fieldsOf(true)).toEqual(expect.arrayContaining(fieldsOf(false)));
  expect(fieldsOf(true).filter((field) => !fieldsOf(false).includes(field))).toEqual([
    'createSandboxPaymentToken',
  ]);
});
