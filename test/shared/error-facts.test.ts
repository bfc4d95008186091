import { errorFacts } from '../../src/shared/error-facts.js';

/** An error with a canary in every place where PostgreSQL, Prisma and JavaScript put values. */
function aLeakyError(): Error {
  return Object.assign(
    new Error('Key (email)=(canary) already exists.\n    at canary (file:///canary.js:1:1)'),
    {
      code: '23505',
      constraint: 'customers_pkey',
      table: 'customers',
      column: 'the canary column',
      routine: '_bt_check_unique',
      detail: 'canary',
      where: 'canary',
      hint: 'canary',
      query: "select 'canary'",
      internalQuery: "select 'canary'",
      parameters: ['canary'],
      meta: { driverAdapterError: { cause: { originalCode: '22P02', originalMessage: 'canary' } } },
      errors: [new Error('canary')],
      clientVersion: 'canary',
    },
  );
}

test('tells the type, the code, the names of the schema and the place of an error of PostgreSQL, and nothing else', () => {
  const { at, ...facts } = errorFacts(aLeakyError());

  expect(facts).toEqual({
    type: 'Error',
    code: '22P02',
    constraint: 'customers_pkey',
    table: 'customers',
    routine: '_bt_check_unique',
  });
  expect(at[0]).toMatch(/^aLeakyError \(.*error-facts\.test\.ts:\d+:\d+\)$/);
  expect(at.join('\n')).not.toContain('canary');
});

test('tells the causes of an error in the same way, whoever has wrapped it', () => {
  const cause = Object.assign(new TypeError('canary'), { code: 'ECONNREFUSED' });

  const wrapped = [
    errorFacts(new Error('canary', { cause })),
    errorFacts(Object.assign(new Error('canary'), { originalError: cause })),
  ];

  expect(JSON.stringify(wrapped)).not.toContain('canary');
  expect(wrapped.map((facts) => facts.cause)).toEqual([
    { type: 'TypeError', code: 'ECONNREFUSED', at: expect.any(Array) },
    { type: 'TypeError', code: 'ECONNREFUSED', at: expect.any(Array) },
  ]);
});

test('follows causes that go in a circle no further than it must', () => {
  const error = new Error('canary');
  error.cause = error;

  expect(JSON.stringify(errorFacts(error)).match(/"cause"/g)).toHaveLength(4);
});

test.each(['canary', null, undefined, 4242, { message: 'canary', stack: 'canary' }])(
  'tells of %j that is no error only what kind of thing it is',
  (thrown) => {
    expect(errorFacts(thrown)).toEqual({ type: typeof thrown, at: [] });
  },
);

test('tells no place where the stack is not that of the message', () => {
  const error = new Error('after');
  error.stack = 'Error: before\n    at canary (file:///canary.js:1:1)';

  expect(errorFacts(error)).toEqual({ type: 'Error', at: [] });
});

test.each([
  [
    Object.assign(new Error('unsupported startup parameter: options'), { code: '08P01', severity: 'FATAL' }),
    'unsupported startup parameter: options',
  ],
  [
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' }),
    'connect ECONNREFUSED 127.0.0.1:5432',
  ],
  [Object.assign(new Error('canary'), { code: 'ECONNREFUSED' }), undefined],
  [Object.assign(new Error('canary'), { code: '23505', severity: 'ERROR' }), undefined],
  [Object.assign(new Error('canary'), { code: '22P02', severity: 'ERROR' }), undefined],
])('tells the message of an error about the server as a whole, and of no other (%s)', (error, reason) => {
  expect(errorFacts(error).reason).toBe(reason);
});
