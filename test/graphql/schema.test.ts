import { readFileSync } from 'node:fs';
import { isEnumType, isObjectType } from 'graphql';
import { addressFieldPlans } from '../../src/addresses/address.read-plan.js';
import { customerFieldPlans } from '../../src/customers/customer.read-plan.js';
import { createSchema } from '../../src/graphql/schema.js';
import { toPayload } from '../../src/graphql-kit/payload.js';
import { paymentMethodFieldPlans } from '../../src/payment-methods/payment-method.read-plan.js';
import { fail, type ProblemCode } from '../../src/shared/result.js';

const schema = createSchema('schema', true);
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
  const [, union = ''] =
    /type ProblemCode =([^;]+);/.exec(readFileSync('src/shared/result.ts', 'utf8')) ?? [];
  const inCode = [...union.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code);

  expect(inSchema.length).toBeGreaterThan(5);
  expect(inCode.sort()).toEqual(inSchema.sort());
});

test('has a sentence of its own for every code of a problem', () => {
  const type = schema.getType('UserErrorCode');
  const codes = isEnumType(type) ? type.getValues().map(({ name }) => name as ProblemCode) : [];

  const { userErrors } = toPayload(fail(...codes.map((code) => ({ code }))), () => ({}));

  expect(userErrors.map(({ code, field }) => [code, field])).toEqual(codes.map((code) => [code, null]));
  expect(userErrors.every(({ message }) => /^[A-Z].+\.$/.test(message))).toBe(true);
  expect(new Set(userErrors.map(({ message }) => message)).size).toBe(codes.length);
});

test('has the sandbox in it only where it is the provider', () => {
  const fieldsOf = (sandbox: boolean) =>
    Object.keys(createSchema('schema', sandbox).getMutationType()?.getFields() ?? {});

  expect(fieldsOf(true)).toEqual(expect.arrayContaining(fieldsOf(false)));
  expect(fieldsOf(true).filter((field) => !fieldsOf(false).includes(field))).toEqual([
    'createSandboxPaymentToken',
  ]);
});
