import { resolve } from 'node:path';
import type { ActionRules, ActionsOf } from '../../../src/access/actions.js';
import type { Feature } from '../../../src/feature.js';
import type { Resolvers } from '../../../src/generated/graphql.js';
import { toPayload } from '../../../src/graphql-kit/payload.js';
import { fail, type ProblemsOf, succeed } from '../../../src/shared/result.js';

const actions = {
  'notes.read': { scopes: ['CUSTOMERS_READ'], session: null },
  'notes.read-secret': { scopes: ['CUSTOMERS_READ', 'TOKENS_READ'], session: null },
  'notes.write': { scopes: ['CUSTOMERS_WRITE'], session: null },
} as const satisfies ActionRules;

const problems = { TOO_DULL: 'Nobody wants to read it.' } as const;

declare module '../../../src/access/actions.js' {
  interface DeclaredActions extends ActionsOf<typeof actions> {}
}

declare module '../../../src/shared/result.js' {
  interface DeclaredProblems extends ProblemsOf<typeof problems> {}
}

const note = { __typename: 'Note', id: '0123456789abcdef01234567', text: 'Hello', secret: 'Psst' };

/** How often a note was written. */
export const written: string[] = [];

const resolvers = {
  Query: { note: () => note, forgotten: () => note },
  Mutation: {
    writeNote: async (_: unknown, { input: { text } }: { input: { text: string } }) => {
      if (text === 'dull') return toPayload(fail({ code: 'TOO_DULL' }), () => ({}));
      written.push(text);
      return toPayload(succeed(text), (writtenText) => ({ writtenText }));
    },
  },
};

export const noteFeature: Feature = {
  schema: resolve('test/graphql/made-up/note.graphql'),
  resolvers: resolvers as unknown as Resolvers,
  access: {
    actions,
    fields: {
      Query: { note: 'notes.read' },
      Mutation: { writeNote: 'notes.write' },
      Note: { secret: 'notes.read-secret' },
    },
  },
  mutations: { writeNote: { keeps: { writtenText: 'id' } } },
  problems,
  prices: { fields: { 'Note.text': 700 } },
};

// @ts-expect-error: an action that no feature declares.
({ actions, fields: { Query: { note: 'notes.burn' } } }) satisfies Feature['access'];
