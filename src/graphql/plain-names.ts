import { type FieldNode, GraphQLError, type ValidationRule } from 'graphql';
import { containsCardNumber } from '../shared/card-number.js';

const TAKEN: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Far longer than any tool makes them. */
const LONGEST = 1_000;

/**
 * Refuses fields whose name in the answer is one that every object has by nature, such as `constructor`: a
 * selection keeps fields in plain objects, where such a name seems to be there already. Refuses
 * those with a card number, too: the name comes back in the answer and in the paths of its errors.
 */
export const plainNamesRule: ValidationRule = (context) => ({
  Field(node: FieldNode) {
    const problem = node.alias && problemOf(node.alias.value);
    if (problem) context.reportError(new GraphQLError(problem, { nodes: node }));
  },
});

function problemOf(alias: string): string | null {
  if (TAKEN.has(alias)) return 'An alias is a name that every object has.';
  if (alias.length > LONGEST) return `An alias is longer than ${LONGEST} characters.`;
  return containsCardNumber(alias) ? 'An alias looks like a card number.' : null;
}
