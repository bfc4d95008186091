import { getNamedType, isInputObjectType, isObjectType } from 'graphql';
import { AccessRules } from '../../src/access/actions.js';
import { type Scope, type SessionPermission, scopes, scopesBehind } from '../../src/access/scopes.js';
import { features } from '../../src/features.js';
import { foldFeatures } from '../../src/graphql/folded-features.js';
import { createSchema } from '../../src/graphql/schema.js';

const schema = createSchema('schema', features);
const rules = new AccessRules(features.map(({ access }) => access?.actions ?? {}));
const { access } = foldFeatures(features);
const actionOf = (type: string, field: string) =>
  access.fields[type]?.[field] ?? access.answers[type]?.[field];

const objects = Object.values(schema.getTypeMap()).filter(
  (type) => isObjectType(type) && !type.name.startsWith('__'),
);
const fields = objects.flatMap((type) =>
  isObjectType(type) ? Object.values(type.getFields()).map((field) => ({ type: type.name, field })) : [],
);
const isKnown = ({ type, field }: (typeof fields)[number]) => actionOf(type, field.name) !== undefined;
const nameOf = ({ type, field }: (typeof fields)[number]) => `${type}.${field.name}`;

test('has an entry for every root field', () => {
  const roots = fields.filter(({ type }) => type === 'Query' || type === 'Mutation');

  expect(roots.length).toBeGreaterThan(25);
  expect(roots.filter((root) => !isKnown(root)).map(nameOf)).toEqual([]);
});

test('has an entry for every field that holds a token or a secret', () => {
  const secrets = fields.filter(
    ({ field }) => /token$|secret/i.test(field.name) && field.name !== 'resolvePaymentToken',
  );

  expect(secrets.map(nameOf)).toEqual(
    expect.arrayContaining(['Customer.token', 'PaymentMethod.token', 'PaymentTokenResolution.providerToken']),
  );
  expect(secrets.filter((secret) => !isKnown(secret)).map(nameOf)).toEqual([]);
});

test('has an entry for every field that leads to a customer, an address or a payment method', () => {
  const people = new Set(['Customer', 'Address', 'PaymentMethod', 'PaymentMethodConnection']);
  // The lists themselves are reached through a field that has an entry.
  const inLists = /(Connection|Edge)$/;
  const leading = fields.filter(
    ({ type, field }) => people.has(getNamedType(field.type).name) && !inLists.test(type),
  );

  expect(leading.length).toBeGreaterThan(20);
  expect(leading.filter((field) => !isKnown(field)).map(nameOf)).toEqual([]);
});

test('has an entry for nothing that the schema lacks', () => {
  const known = new Set(fields.map(nameOf));
  const entries = [...Object.entries(access.fields), ...Object.entries(access.answers)].flatMap(
    ([type, table]) => Object.keys(table).map((field) => `${type}.${field}`),
  );

  expect(entries.filter((entry) => !known.has(entry))).toEqual([]);
});

test('guards each field of the filter of customers that tells of payment methods', () => {
  const type = schema.getType('CustomerFilter');
  const names = isInputObjectType(type) ? Object.keys(type.getFields()) : [];
  const aboutPayments = names.filter((name) => /payment/i.test(name));

  expect(Object.keys(access.filters['CustomerFilter'] ?? {}).sort()).toEqual(aboutPayments.sort());
  expect(aboutPayments).toHaveLength(2);
});

test('gives a session nothing that the scopes behind its permissions do not give, and never a token', () => {
  const permissions = Object.keys(scopesBehind) as SessionPermission[];
  for (const permission of permissions) {
    const ofKey = rules.ofScopes(new Set<Scope>(scopesBehind[permission]));
    const ofSession = rules.ofSession(new Set([permission]));
    expect(ofSession.size).toBeGreaterThan(0);
    expect([...ofSession].filter((action) => !ofKey.has(action))).toEqual([]);
  }
  const all = [...rules.ofSession(new Set(permissions))];
  expect(all.filter((action) => /token|search|create|delete|keys/.test(action))).toEqual([]);
});

test('gives a key with every scope everything but what is a partner’s', () => {
  const all = rules.ofScopes(new Set(scopes));
  const inTable = new Set(
    [...Object.values(access.fields), ...Object.values(access.answers)].flatMap((table) =>
      Object.values(table),
    ),
  );

  expect([...inTable].filter((action) => !all.has(action))).toEqual(['merchants.list']);
});
