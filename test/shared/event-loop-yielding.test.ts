import { Yielding } from '../../src/shared/event-loop-yielding.js';

/** Yielding on a clock and in an event loop that are moved by hand. */
function aLoop() {
  let now = 0;
  const scheduled: (() => void)[] = [];
  const yielding = new Yielding(
    () => now,
    (run) => void scheduled.push(run),
  );
  return {
    yielding,
    scheduled,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    /** One turn of the loop: what has been scheduled so far, and all that follows at once. */
    turn: async () => {
      for (const run of scheduled.splice(0)) run();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('a turn is over after a millisecond of work, and the next begins anew', async () => {
  const { yielding, pass, turn } = aLoop();
  const seen = [yielding.isDue];
  pass(0.5);
  seen.push(yielding.isDue);
  pass(0.5);
  seen.push(yielding.isDue);
  await turn();
  // What happened between two turns is nobody's work.
  pass(100);
  seen.push(yielding.isDue);

  expect(seen).toEqual([false, false, true, false]);
});

test('does what was left in later turns, a piece of each share in turn', async () => {
  const { yielding, pass, turn } = aLoop();
  const done: string[] = [];
  const leave = async (share: string, name: string) => {
    done.push(await yielding.later(share, name));
    pass(0.5);
  };
  const all = ['a1', 'a2', 'a3', 'b1', 'a4'].map((name) => leave(name.slice(0, 1), name));
  const after: string[][] = [];
  for (let count = 0; count < 4; count += 1) {
    await turn();
    after.push(done.splice(0));
  }
  await Promise.all(all);

  expect(after).toEqual([['a1', 'a2'], ['b1'], ['a3', 'a4'], []]);
});

test('does what a step leaves before what was behind the step', async () => {
  const { yielding, turn } = aLoop();
  const done: string[] = [];
  const first = yielding.later('a', 'first').then(async (name) => {
    done.push(name);
    done.push(await yielding.later('a', 'below the first'));
  });
  const second = yielding.later('a', 'second').then((name) => void done.push(name));
  await turn();
  await Promise.all([first, second]);

  expect(done).toEqual(['first', 'below the first', 'second']);
});

test('asks for one turn at a time, and for none when nothing is left', async () => {
  const { yielding, scheduled, turn } = aLoop();
  const values = Promise.all([yielding.later('a', 1), yielding.later('b', 2), yielding.later('a', 3)]);
  expect([yielding.isDue, yielding.isDue, scheduled.length]).toEqual([false, false, 1]);
  await turn();
  await turn();

  expect(await values).toEqual([1, 2, 3]);
  await turn();
  expect(scheduled).toEqual([]);
});
