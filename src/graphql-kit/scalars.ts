import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { unreachable } from '../shared/result.js';

// RFC 3339, section 5.6; the offset may be any, the instant is kept in UTC.
const instantPattern =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})$/;
const MAX_INSTANT_LENGTH = 40;

/** `DateTime`: an instant, in and out as RFC 3339; out always in UTC with milliseconds. */
export const dateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant in UTC as RFC 3339 with milliseconds, for example 2023-07-13T05:28:11.139Z.',
  serialize: (value) => (typeof value === 'string' ? value : (value as Date).toISOString()),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(node.kind === Kind.STRING ? node.value : null),
});

/** `Metadata`: any JSON value on its way in, since use cases judge it and give its faults as data. */
export const metadataScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'Metadata',
  description:
    'A flat JSON object of strings: at most 50 keys of 1 to 40 characters, each value at most 500 characters.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node: ValueNode, variables) => valueOfLiteral(node, variables ?? {}),
});

type Variables = Readonly<Record<string, unknown>>;

/**
 * The JSON value of a literal. A member whose variable was left out is left out itself, as in any input object; an
 * enum's word is no string, and becomes what no use case takes for one.
 */
function valueOfLiteral(node: ValueNode, variables: Variables): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.ENUM:
      return [node.value];
    case Kind.VARIABLE:
      // Own properties only: a variable may be called `toString`.
      return Object.hasOwn(variables, node.name.value) ? variables[node.name.value] : undefined;
    case Kind.LIST:
      return node.values.map((value) => valueOfLiteral(value, variables));
    case Kind.OBJECT: {
      const members = node.fields.map(({ name, value }) => [name.value, valueOfLiteral(value, variables)]);
      return Object.fromEntries(members.filter(([, value]) => value !== undefined));
    }
    default:
      return unreachable(node);
  }
}

function parseInstant(value: unknown): Date {
  const text = typeof value === 'string' && value.length <= MAX_INSTANT_LENGTH ? value : '';
  const instant = new Date(instantPattern.test(text) && isCalendarDay(text.slice(0, 10)) ? text : Number.NaN);
  if (Number.isNaN(instant.getTime())) throw new TypeError('DateTime must be an RFC 3339 instant.');
  return instant;
}

/** JavaScript takes 30 February for 2 March. */
function isCalendarDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
