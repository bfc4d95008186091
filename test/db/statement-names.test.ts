import { StatementNames } from '../../src/db/statement-names.js';

test('gives a text always the same name and another text another', () => {
  const names = new StatementNames(10);

  const given = ['select 1', 'select 2', 'select 1'].map((text) => names.nameOf(text));

  expect(given[0]).toMatch(/^[\w-]{22}$/);
  expect(given[2]).toBe(given[0]);
  expect(given[1]).not.toBe(given[0]);
});

test('gives no name to a text beyond the limit and keeps those that it gave', () => {
  const names = new StatementNames(2);
  const [first] = ['select 1', 'select 2'].map((text) => names.nameOf(text));

  expect(names.nameOf('select 3')).toBeUndefined();
  expect(names.nameOf('select 1')).toBe(first);
});
