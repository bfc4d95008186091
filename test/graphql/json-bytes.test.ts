import { jsonBytes } from '../../src/graphql/request/json-bytes.js';

const long = 'ä€😀"\\\n'.repeat(20_000);

test.each<[string, unknown]>([
  ['null', null],
  ['a number', 1.5],
  ['a text', 'a "text"\n'],
  ['nothing', {}],
  ['an empty list', []],
  ['a list of one', [[{ a: [] }]]],
  ['members that are undefined', { errors: undefined, data: { a: null, b: undefined }, extensions: {} }],
  ['lists in lists', { a: [[1, 2], [], [null, true]], b: [{ c: [{ d: 'e' }, { d: {} }] }] }],
  ['texts that fill several pieces', { a: [long, { long }], b: long, c: [[long]] }],
])('writes %s as JSON.stringify does', async (_, value) => {
  const bytes = await jsonBytes(value, 'a');

  expect(bytes.toString()).toBe(`${JSON.stringify(value)}\n`);
});
