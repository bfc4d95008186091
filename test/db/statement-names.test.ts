import { StatementNames } from '../../src/db/statement-names.js';

const GENEROUS = { limit: 100, each: 100, candidates: 100 };

/** The names of texts that are used for the second time, and so have one. */
function namesOf(names: StatementNames, texts: readonly string[], owner: string | null = null): string[] {
  return texts.map((text) => names.nameOf(text, owner) ?? names.nameOf(text, owner) ?? '');
}

const texts = (count: number, of = 'text') => Array.from({ length: count }, (_, index) => `${of} ${index}`);

test('gives a text a name from its second use on, always the same, and another text another', () => {
  const names = new StatementNames(GENEROUS);

  const given = ['select 1', 'select 1', 'select 2', 'select 2', 'select 1'].map((text) =>
    names.nameOf(text, null),
  );

  expect([given[0], given[2]]).toEqual([undefined, undefined]);
  expect(given[1]).toMatch(/^vault_\d+$/);
  expect(given[4]).toBe(given[1]);
  expect(given[3]).not.toBe(given[1]);
});

test('takes the name back that was used the longest ago, tells of it, and never gives it again', () => {
  const names = new StatementNames({ ...GENEROUS, limit: 2 });
  const forgotten: string[] = [];
  names.onForget((name) => forgotten.push(name));
  const [first, second] = namesOf(names, ['select 1', 'select 2']);
  names.nameOf('select 1', null);

  const [third] = namesOf(names, ['select 3']);
  const [again] = namesOf(names, ['select 2']);

  expect(forgotten).toEqual([second, first]);
  expect([first, second, third, again].map((name) => names.isCurrent(name ?? ''))).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect(new Set([first, second, third, again]).size).toBe(4);
});

test('keeps the names of frequent texts while one owner sends 10,000 texts twice', () => {
  const names = new StatementNames({ limit: 30, each: 10, candidates: 100 });
  const [own, everybodys] = [namesOf(names, ['own'], 'B')[0], namesOf(names, ['everybody'], 'B')[0]];
  names.nameOf('everybody', 'C');

  const given = namesOf(names, texts(10_000), 'A');

  expect(given.filter((name) => names.isCurrent(name))).toHaveLength(10);
  expect(names.nameOf('own', 'B')).toBe(own);
  expect(names.nameOf('everybody', 'B')).toBe(everybodys);
});

test('gives no name to 10,000 texts that are sent once', () => {
  const names = new StatementNames({ limit: 30, each: 10, candidates: 100 });

  const given = texts(10_000).map((text) => names.nameOf(text, 'A'));

  expect(given.filter((name) => name !== undefined)).toEqual([]);
});

test("counts a text that two owners use as nobody's share", () => {
  const names = new StatementNames({ limit: 30, each: 2, candidates: 100 });
  const shared = namesOf(names, texts(5, 'shared'), 'A').map((_, index) =>
    names.nameOf(`shared ${index}`, 'B'),
  );

  namesOf(names, texts(20), 'A');

  // Of the first five A had two at most; what was named anew belongs to B.
  expect(shared.filter((name) => name !== undefined && names.isCurrent(name))).toHaveLength(2);
});
