import { join, type Sql, sql } from '../db/sql.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { Alternative, QueryWord } from '../shared/search-query.js';
import type { MetadataPair } from './customer.js';
import { metadataTermOf } from './customer-hashes.js';

/** A word, and whether its id, token and last four may be those of a payment method. */
export interface SearchedWord extends QueryWord {
  readonly ofMethods: boolean;
}

/** What a search asks of customers: all of these words and pairs. */
export interface Search {
  readonly words: readonly SearchedWord[];
  readonly metadata: readonly MetadataPair[];
}

/** Conditions on the customer `c`: one for all that is found in one way only, and one for each other word. */
export function foundByWords(merchant: MerchantScope, { words, metadata }: Search): Sql[] {
  const plain = words.filter((word) => isPlain(word)).flatMap(({ alternatives }) => alternatives);
  const all: Alternative = {
    indexed: [...plain.flatMap(({ indexed }) => indexed), ...metadata.map(metadataTermOf)],
    others: plain.flatMap(({ others }) => others),
  };
  return [
    ...(all.indexed.length > 0 ? [sql`c.id in (${withTerms(merchant, [all])})`] : []),
    ...words.filter((word) => !isPlain(word)).map((word) => sql`c.id in (${inAnyWay(merchant, word)})`),
  ];
}

function isPlain({ alternatives, id, token, lastFour }: QueryWord): boolean {
  return alternatives.length === 1 && (id ?? token ?? lastFour) === null;
}

function inAnyWay(merchant: MerchantScope, word: SearchedWord): Sql {
  const { alternatives, id, token, lastFour, ofMethods } = word;
  const own = (condition: Sql) =>
    sql` union all select c.id from customers c where c.merchant_id = ${merchant.id} and ${condition}`;
  const ofMethod = (condition: Sql) =>
    sql` union all select p.customer_id from payment_methods p where p.merchant_id = ${merchant.id} and ${condition}`;
  const parts = [withTerms(merchant, alternatives)];
  if (id) parts.push(own(sql`c.id = ${id}`));
  if (token) parts.push(own(sql`c.token = ${token}::uuid`));
  if (ofMethods && id) parts.push(ofMethod(sql`p.id = ${id}`));
  if (ofMethods && token) parts.push(ofMethod(sql`p.token = ${token}::uuid`));
  if (ofMethods && lastFour) parts.push(ofMethod(sql`p.last_four = ${lastFour}`));
  return parts.reduce((all, part) => sql`${all}${part}`);
}

/** The customers that have all terms of one of these. */
function withTerms({ id, vault }: MerchantScope, alternatives: readonly Alternative[]): Sql {
  const ways = alternatives.map(({ indexed, others }) => {
    const found = sql`s.terms @> ${vault.termsLiteral(indexed)}::bigint[]`;
    // Customers that were stored before there were others have them all in the index.
    return others.length === 0
      ? found
      : sql`(${found} and (s.terms || s.more_terms) @> ${vault.termsLiteral(others)}::bigint[])`;
  });
  return sql`select s.customer_id from customer_search s where s.merchant_id = ${id} and (${join(ways, ' or ')})`;
}
