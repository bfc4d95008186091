import { setImmediate as nextTurn } from 'node:timers/promises';
import { FairTurns, type Turn } from '../../src/http/fair-turns.js';

const limits = { places: 10, placesOfOne: 6, atOnce: 2 };

/** Notes in which order requests begin, and which never do. */
class Line {
  readonly turns = new FairTurns(limits);
  readonly begun: string[] = [];
  readonly sentAway: string[] = [];

  enter(sharer: string, name: string): Turn {
    const turn = this.turns.enter(sharer);
    if (turn === null) throw new Error(`${name} was refused.`);
    void turn.begins.then((begins) => (begins ? this.begun : this.sentAway).push(name));
    return turn;
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

test('begins at once, then one of each sharer in a turn of the event loop, in the order of arrival', async () => {
  const line = new Line();
  for (const name of ['a1', 'a2', 'a3']) line.enter('a', name);
  line.enter('b', 'b1');
  await Promise.resolve();
  const atFirst = [...line.begun];

  await turns(5);

  expect(atFirst).toEqual(['a1', 'b1']);
  expect(line.begun).toEqual(['a1', 'b1', 'a2']);
  expect([line.turns.taken, line.turns.waiting]).toEqual([4, 1]);
});

test('begins the next of the same sharer when one leaves', async () => {
  const line = new Line();
  const [first] = ['a1', 'a2', 'a3', 'a4'].map((name) => line.enter('a', name));
  await turns(5);

  first?.leave();
  first?.leave();
  await turns(5);

  expect(line.begun).toEqual(['a1', 'a2', 'a3']);
  expect([line.turns.taken, line.turns.waiting]).toEqual([3, 1]);
});

test('forgets who leaves while waiting', async () => {
  const line = new Line();
  const all = ['a1', 'a2', 'a3', 'a4'].map((name) => line.enter('a', name));
  await turns(5);

  all[2]?.leave();
  all[0]?.leave();
  await turns(5);

  expect(line.begun).toEqual(['a1', 'a2', 'a4']);
  expect(line.sentAway).toEqual(['a3']);
  for (const turn of all) turn.leave();
  expect([line.turns.taken, line.turns.waiting]).toEqual([0, 0]);
});

test('refuses what is more than the places of one', () => {
  const line = new Line();
  for (let number = 0; number < limits.placesOfOne; number += 1) line.enter('a', `a${number}`);

  expect(line.turns.enter('a')).toBeNull();
  expect(line.turns.enter('b')).not.toBeNull();
});

test('takes the last place of the longest queue for a newcomer when all are taken', async () => {
  const line = new Line();
  for (let number = 0; number < 6; number += 1) line.enter('a', `a${number}`);
  for (let number = 0; number < 4; number += 1) line.enter('b', `b${number}`);

  line.enter('c', 'c0');
  await turns(1);

  expect(line.sentAway).toEqual(['a5']);
  expect(line.begun).toContain('c0');
  expect(line.turns.taken).toBe(limits.places);
});

test('refuses a newcomer when nobody has more than he', () => {
  const line = new Line();
  for (const sharer of ['a', 'b', 'c', 'd', 'e'])
    for (const name of ['1', '2']) line.enter(sharer, sharer + name);

  expect(line.turns.enter('a')).toBeNull();
});
