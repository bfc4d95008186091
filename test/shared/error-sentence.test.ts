import { DatabaseError } from '../../src/db/errors.js';
import { sentenceOf } from '../../src/shared/error-sentence.js';

const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });

test.each<[string, unknown, string]>([
  [
    'a pooler that refuses a parameter',
    new DatabaseError('unavailable', new Error('unsupported startup parameter: options')),
    'The database failed: unavailable (unsupported startup parameter: options).',
  ],
  [
    'PostgreSQL',
    new Error('password authentication failed for user "app"'),
    'password authentication failed for user "app"',
  ],
  [
    'a host with several addresses',
    new AggregateError([refused, refused]),
    'connect ECONNREFUSED 127.0.0.1:5432',
  ],
  ['an error with nothing but a code', Object.assign(new Error(''), { code: 'EPIPE' }), 'EPIPE'],
  [
    'Prisma, which says where it was called first',
    Object.assign(
      new Error('\nInvalid `prisma.merchant.create()` invocation:\n\n\nThe table is not there.'),
      {
        name: 'PrismaClientKnownRequestError',
      },
    ),
    'The table is not there.',
  ],
  [
    'PostgreSQL below Prisma',
    Object.assign(new Error('Invalid'), {
      name: 'PrismaClientKnownRequestError',
      meta: { driverAdapterError: { cause: { originalMessage: 'no equivalent in encoding "LATIN1"' } } },
    }),
    'no equivalent in encoding "LATIN1"',
  ],
  ['nothing', undefined, 'The reason is unknown.'],
])('tells the words of %s', (_, error, sentence) => {
  expect(sentenceOf(error)).toBe(sentence);
});
