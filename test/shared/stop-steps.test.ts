import { createLog } from '../../src/log.js';
import { StopSteps } from '../../src/shared/stop-steps.js';

/** Steps that write down what was done and what was logged. */
function someSteps() {
  const lines: string[] = [];
  const done: string[] = [];
  const steps = new StopSteps(createLog('info', { write: (line: string) => void lines.push(line) }));
  const add = (name: string, outcome: () => Promise<void>, limitMs?: number) =>
    steps.add(
      name,
      () => {
        done.push(name);
        return outcome();
      },
      limitMs,
    );
  const logged = () => lines.map((line) => JSON.parse(line));
  return { steps, add, done, logged };
}

const works = async () => undefined;
const fails = () => Promise.reject(new TypeError('canary'));
const hangs = () => new Promise<void>(() => undefined);

test('undoes what was started last first, once', async () => {
  const { steps, add, done, logged } = someSteps();
  for (const name of ['one', 'two', 'three']) add(name, works);

  const outcomes = [await steps.run(), await steps.run()];

  expect([outcomes, done, logged()]).toEqual([[true, true], ['three', 'two', 'one'], []]);
});

test.each<[string, () => Promise<void>]>([
  ['fails', fails],
  [
    'throws',
    () => {
      throw new TypeError('canary');
    },
  ],
  ['hangs', hangs],
])('carries out every other step when one %s, and logs it', async (_, outcome) => {
  const { steps, add, done, logged } = someSteps();
  add('PostgreSQL', works);
  add('connections', outcome, 50);
  add('HTTP server', works);

  const isClean = await steps.run();

  expect([isClean, done]).toEqual([false, ['HTTP server', 'connections', 'PostgreSQL']]);
  expect(logged()).toMatchObject([
    { level: 50, step: 'connections', msg: 'a step of the stop failed', err: { type: expect.any(String) } },
  ]);
  expect(JSON.stringify(logged())).not.toContain('canary');
});
