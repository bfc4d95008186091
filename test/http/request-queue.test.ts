import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Place, RequestQueue } from '../../src/http/request-queue.js';

const limits = { places: 10, placesOfOne: 6, atOnce: 2 };

/** Notes in which order requests begin, and which never do. */
class Line {
  readonly queue = new RequestQueue(limits);
  readonly begun: string[] = [];
  readonly sentAway: string[] = [];

  enter(sharer: string, name: string): Place {
    const place = this.queue.enter(sharer);
    if (place === null) throw new Error(`${name} was refused.`);
    void place.begins.then((begins) => (begins ? this.begun : this.sentAway).push(name));
    return place;
  }
}

test('begins as many of each sharer as may be executed at once, in the order of arrival', async () => {
  const line = new Line();
  for (const name of ['a1', 'a2', 'a3']) line.enter('a', name);
  line.enter('b', 'b1');
  await nextTurn();

  expect(line.begun).toEqual(['a1', 'a2', 'b1']);
  expect([line.queue.taken, line.queue.waiting]).toEqual([4, 1]);
});

test('begins the next of the same sharer when one leaves', async () => {
  const line = new Line();
  const [first] = ['a1', 'a2', 'a3', 'a4'].map((name) => line.enter('a', name));
  await nextTurn();

  first?.leave();
  first?.leave();
  await nextTurn();

  expect(line.begun).toEqual(['a1', 'a2', 'a3']);
  expect([line.queue.taken, line.queue.waiting]).toEqual([3, 1]);
});

test('forgets who leaves while waiting', async () => {
  const line = new Line();
  const all = ['a1', 'a2', 'a3', 'a4'].map((name) => line.enter('a', name));
  await nextTurn();

  all[2]?.leave();
  all[0]?.leave();
  await nextTurn();

  expect(line.begun).toEqual(['a1', 'a2', 'a4']);
  expect(line.sentAway).toEqual(['a3']);
  for (const place of all) place.leave();
  expect([line.queue.taken, line.queue.waiting]).toEqual([0, 0]);
});

test('refuses what is more than the places of one', () => {
  const line = new Line();
  for (let number = 0; number < limits.placesOfOne; number += 1) line.enter('a', `a${number}`);

  expect(line.queue.enter('a')).toBeNull();
  expect(line.queue.enter('b')).not.toBeNull();
});

test('takes the last place of the longest queue for a newcomer when all are taken', async () => {
  const line = new Line();
  for (let number = 0; number < 6; number += 1) line.enter('a', `a${number}`);
  for (let number = 0; number < 4; number += 1) line.enter('b', `b${number}`);

  line.enter('c', 'c0');
  await nextTurn();

  expect(line.sentAway).toEqual(['a5']);
  expect(line.begun).toContain('c0');
  expect(line.queue.taken).toBe(limits.places);
});

test('refuses a newcomer when nobody has more than he', () => {
  const line = new Line();
  for (const sharer of ['a', 'b', 'c', 'd', 'e'])
    for (const name of ['1', '2']) line.enter(sharer, sharer + name);

  expect(line.queue.enter('a')).toBeNull();
});

test('takes one that waits out of the queue, and leaves one that is executed', async () => {
  const line = new Line();
  const all = ['a1', 'a2', 'a3'].map((name) => line.enter('a', name));

  for (const place of all) place.stopWaiting();
  await nextTurn();

  expect(line.sentAway).toEqual(['a3']);
  expect([line.queue.taken, line.queue.waiting]).toEqual([2, 0]);
});

test('gives back the places of those that are executed for too long', async () => {
  const line = new Line();
  for (const name of ['a1', 'a2', 'a3']) line.enter('a', name);

  line.queue.leaveLost(1_000);
  const before = line.queue.taken;
  line.queue.leaveLost(0);
  await nextTurn();

  expect(before).toBe(3);
  expect(line.begun).toEqual(['a1', 'a2', 'a3']);
});
