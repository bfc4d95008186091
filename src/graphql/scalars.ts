import { GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';

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
  parseLiteral: (node: ValueNode, variables) => valueFromASTUntyped(node, variables),
});

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
