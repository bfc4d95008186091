import { packed } from '../../src/db/layout.js';
import { readPacked } from '../../src/db/packed.js';
import { sql } from '../../src/db/sql.js';
import {
  freezeWants,
  type OpenWants,
  wantPart,
  wants,
  withBinding,
  withColumns,
} from '../../src/db/wants.js';

const aPart = (below: OpenWants) => ({
  wants: below,
  column: () => sql`1`,
  read: () => null,
  ofNew: () => null,
});

test('what is wanted cannot be changed any more, nor what is wanted below it, once a statement was made of it', () => {
  const below = wants('id');
  const wanted = wants('id');
  wantPart(wanted, 'part', aPart(below));

  packed({ id: sql`c.id`, name: sql`c.name` }, wanted);

  expect(() => wanted.columns.add('name')).toThrow('was changed after');
  expect(() => wanted.parts.delete('part')).toThrow('was changed after');
  expect(() => below.columns.add('name')).toThrow('was changed after');
  expect([...wanted.columns, ...below.columns]).toEqual(['id', 'id']);
});

test('columns that a repository needs itself are in a copy, the same one each time', () => {
  const wanted = freezeWants(wants('id', 'sealed'));

  const copy = withColumns(wanted, 'id', 'version');

  expect([...copy.columns]).toEqual(['id', 'sealed', 'version']);
  expect([...wanted.columns]).toEqual(['id', 'sealed']);
  expect(withColumns(wanted, 'version')).toBe(copy);
  expect(withColumns(wanted, 'id')).toBe(wanted);
  expect([...withBinding(wanted).columns]).toEqual(['id', 'sealed', 'customer_id']);
  packed({ id: sql`c.id` }, copy);
  expect(() => (copy.columns as Set<string>).add('name')).toThrow('was changed after');
});

test.each([
  ['more', 'a\x1fb\x1fc'],
  ['fewer', 'a'],
])('a row with %s cells than are read fails', (_, row) => {
  expect(() => readPacked(row, (reader) => [reader.next(), reader.next()])).toThrow('A packed row has');
});
