import { setImmediate as turn } from 'node:timers/promises';
import { DatabaseError } from '../../src/db/errors.js';
import { type ShareOptions, Shares } from '../../src/db/shares.js';

const PATIENT = 60_000;

/** Shares whose places are left by hand, and who has entered, in order. */
function aRoom(options: Partial<ShareOptions> = {}) {
  const shares = new Shares({ places: 4, each: 2, waiting: 10, patience: PATIENT, ...options });
  const entered: string[] = [];
  const leaving = new Map<string, () => void>();
  const enter = (owner: string | null, who: string) => {
    const inside = shares.run(owner, async () => {
      entered.push(who);
      await new Promise<void>((resolve) => leaving.set(who, resolve));
    });
    // Who still waits at the end of a test gives up some time later.
    inside.catch(() => undefined);
    return inside;
  };
  const leave = async (...names: string[]) => {
    for (const who of names) leaving.get(who)?.();
    await turn();
  };
  return { shares, entered, enter, leave };
}

test('lets one owner have its share and no more, and another the rest', async () => {
  const { entered, enter, shares } = aRoom();

  for (const who of ['a1', 'a2', 'a3', 'a4', 'b1']) void enter(who[0] ?? '', who);
  await turn();

  expect(entered).toEqual(['a1', 'a2', 'b1']);
  expect(shares.waiting).toBe(2);
});

test('lets the owners that wait in by turns, each in its own order', async () => {
  const { entered, enter, leave } = aRoom({ places: 2, each: 1 });
  for (const who of ['x1', 'y1', 'a1', 'a2', 'a3', 'b1', 'c1', 'b2']) void enter(who[0] ?? '', who);

  await leave('x1', 'y1');
  await leave('a1', 'b1');
  await leave('c1', 'a2');

  expect(entered).toEqual(['x1', 'y1', 'a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
});

test('gives the server itself any number of places', async () => {
  const { entered, enter } = aRoom();

  for (const who of ['1', '2', '3', '4', '5']) void enter(null, who);
  await turn();

  expect(entered).toEqual(['1', '2', '3', '4']);
});

test('refuses at once who finds too many of its own waiting, and nobody else', async () => {
  const { enter, entered, leave } = aRoom({ places: 1, each: 1, waiting: 2 });
  void enter('a', 'a1');
  void enter('a', 'a2');
  void enter('a', 'a3');

  const refused = enter('a', 'a4');
  void enter('b', 'b1');

  await expect(refused).rejects.toEqual(
    expect.objectContaining({ constructor: DatabaseError, failure: 'overloaded' }),
  );
  await leave('a1');
  await leave('b1');
  expect(entered).toEqual(['a1', 'b1', 'a2']);
});

test('refuses who has waited in vain, and forgets it', async () => {
  const { enter, entered, leave, shares } = aRoom({ places: 1, each: 1, patience: 20 });
  void enter('a', 'a1');

  await expect(enter('b', 'b1')).rejects.toMatchObject({ failure: 'overloaded' });
  expect(shares.countOf('b')).toBe(0);
  await leave('a1');
  void enter('c', 'c1');
  await turn();

  expect(entered).toEqual(['a1', 'c1']);
  expect([shares.countOf('a'), shares.countOf('c'), shares.waiting]).toEqual([0, 1, 0]);
});

test('gives the place back when what was done in it fails', async () => {
  const { shares } = aRoom({ places: 1, each: 1 });

  await expect(shares.run('a', () => Promise.reject(new Error('canary')))).rejects.toThrow('canary');

  await expect(shares.run('b', async () => 'done')).resolves.toBe('done');
});
