// Which relations of a statement are not held to one merchant: read with PostgreSQL's own parser, since a planner
// carries `c.merchant_id = $1` over `a.merchant_id = c.merchant_id`, and a database that is sharded does not.
import { readFileSync } from 'node:fs';
import { loadModule, parseSync } from 'libpg-query';

await loadModule();

const schema = readFileSync(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8');
const models = schema.split(/^model /m).filter((model) => model.includes('@map("merchant_id")'));
/** The tables whose rows are a merchant's. */
export const merchantsTables = new Set(models.map((model) => /@@map\("(\w+)"\)/.exec(model)[1]));

const KINDS = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt']);

/**
 * What of a statement could not be sent to the one place where a merchant's rows are: each relation that does not
 * compare its own `merchant_id` with a constant, and what such a place refuses.
 */
export function stray(text) {
  const found = [];
  for (const { stmt } of parseSync(text).stmts ?? []) descend(stmt, new Set(), found);
  return found;
}

function descend(node, names, found) {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, child] of Object.entries(node)) {
    if (KINDS.has(key)) checkQuery(key, child, names, found);
    else descend(child, names, found);
  }
}

/** One level of a statement; what lies within it is looked at in turn. */
function checkQuery(kind, { withClause, ...query }, outer, found) {
  const names = namesWithin(withClause, outer, found);
  for (const side of [query.larg, query.rarg]) if (side) checkQuery('SelectStmt', side, names, found);
  if (query.larg) return;
  const own = kind === 'InsertStmt' || !query.relation ? [] : [{ RangeVar: query.relation }];
  const items = [...own, ...(query.fromClause ?? []), ...(query.usingClause ?? [])];
  const relations = items.flatMap((item) => relationsOf(item, names));
  const bound = boundOf([...conjuncts(query.whereClause), ...items.flatMap(joinConditions)], relations);
  for (const { table, alias } of relations) if (!bound.has(alias)) found.push(`${table} ${alias}`);
  if (kind === 'InsertStmt') checkInsert(query, found);
  if (query.lockingClause?.some(({ LockingClause }) => LockingClause.waitPolicy === 'LockWaitSkip'))
    found.push('skip locked');
  descend(query, names, found);
}

/** The names that a level's `with` gives; such a name stands for no table where it is known. */
function namesWithin(withClause, outer, found) {
  const names = new Set(outer);
  const queries = (withClause?.ctes ?? []).map(({ CommonTableExpr }) => CommonTableExpr);
  if (withClause?.recursive) for (const { ctename } of queries) names.add(ctename);
  for (const { ctename, ctequery } of queries) {
    descend(ctequery, names, found);
    names.add(ctename);
  }
  return names;
}

function relationsOf({ RangeVar, JoinExpr }, names) {
  if (JoinExpr) return [JoinExpr.larg, JoinExpr.rarg].flatMap((side) => relationsOf(side, names));
  if (!RangeVar || !merchantsTables.has(RangeVar.relname)) return [];
  if (names.has(RangeVar.relname) && !RangeVar.schemaname) return [];
  return [{ table: RangeVar.relname, alias: RangeVar.alias?.aliasname ?? RangeVar.relname }];
}

/** The conditions of joins: those of an outer one hold for the side that it may leave out. */
function joinConditions({ JoinExpr }) {
  if (!JoinExpr) return [];
  const { jointype, larg, rarg, quals } = JoinExpr;
  const sides = { JOIN_INNER: [larg, rarg], JOIN_LEFT: [rarg], JOIN_RIGHT: [larg] }[jointype] ?? [];
  const held = new Set(sides.flatMap((side) => relationsOf(side, new Set())).map(({ alias }) => alias));
  const own = conjuncts(quals).filter((condition) => held.has(comparedWithConstant(condition)?.alias));
  return [...own, ...joinConditions(larg), ...joinConditions(rarg)];
}

function conjuncts(condition) {
  if (!condition) return [];
  const { BoolExpr } = condition;
  return BoolExpr?.boolop === 'AND_EXPR' ? BoolExpr.args.flatMap(conjuncts) : [condition];
}

/** The aliases that conditions hold to one merchant. A column without an alias is that of the only such relation. */
function boundOf(conditions, relations) {
  const only = relations.length === 1 ? relations[0].alias : undefined;
  const compared = conditions.map(comparedWithConstant).filter((column) => column !== null);
  return new Set(compared.map(({ alias }) => alias ?? only));
}

function comparedWithConstant({ A_Expr }) {
  if (A_Expr?.name?.[0]?.String?.sval !== '=') return null;
  const sides = [A_Expr.lexpr, A_Expr.rexpr];
  const column = sides.find((side) => side?.ColumnRef)?.ColumnRef.fields.map((field) => field.String?.sval);
  if (column?.at(-1) !== 'merchant_id') return null;
  const isBound = A_Expr.kind === 'AEXPR_OP' && sides.some(isConstant);
  return isBound ? { alias: column.at(-2) } : null;
}

function isConstant(node) {
  return Boolean(node?.ParamRef || node?.A_Const || (node?.TypeCast && isConstant(node.TypeCast.arg)));
}

function checkInsert({ relation, cols, selectStmt, onConflictClause }, found) {
  const at = (cols ?? []).findIndex(({ ResTarget }) => ResTarget.name === 'merchant_id');
  const { valuesLists, targetList } = selectStmt?.SelectStmt ?? {};
  const rows = valuesLists?.map(({ List }) => List.items) ?? [
    targetList?.map(({ ResTarget }) => ResTarget.val),
  ];
  if (merchantsTables.has(relation.relname) && !rows.every((row) => isConstant(row?.[at])))
    found.push(`${relation.relname} (inserted)`);
  if (/"(FuncCall|SQLValueFunction)"/.test(JSON.stringify(onConflictClause?.whereClause ?? null)))
    found.push('on conflict … where function()');
}
