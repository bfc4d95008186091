// Prints the SQL with which Prisma would create the tables of a schema: node prisma-sql.mjs SCHEMA.prisma
// Prisma's schema engine in WebAssembly needs neither a database nor the network; `prisma migrate diff` needs both.
import { readFileSync } from 'node:fs';

const [schemaPath] = process.argv.slice(2);
const schema = { path: schemaPath, content: readFileSync(schemaPath, 'utf8') };

// By path: the package exports an entry for bundlers only.
const folder = new URL('../../node_modules/@prisma/schema-engine-wasm/', import.meta.url);
const engine = await import(new URL('schema_engine_bg.js', folder).href);
const { instance } = await WebAssembly.instantiate(readFileSync(new URL('schema_engine_bg.wasm', folder)), {
  './schema_engine_bg.js': engine,
});
engine.__wbg_set_wasm(instance.exports);
instance.exports.__wbindgen_start();

const { SchemaEngine } = engine;
const { stdout } = await (
  await SchemaEngine.new({ datamodels: [[schema.path, schema.content]] }, () => {}, anEmptyDatabase())
).diff({
  from: { tag: 'empty' },
  to: { tag: 'schemaDatamodel', files: [schema] },
  script: true,
  exitCode: false,
  shadowDatabaseUrl: null,
  filters: { externalTables: [], externalEnums: [] },
});
process.stdout.write(stdout);

/** A driver adapter of nothing: the engine asks for one and never has to query it. */
function anEmptyDatabase() {
  const nameplate = { provider: 'postgres', adapterName: 'nothing' };
  const connect = async () =>
    ok({
      ...nameplate,
      queryRaw: async () => ok({ columnNames: [], columnTypes: [], rows: [] }),
      executeRaw: async () => ok(0),
      executeScript: async () => ok(undefined),
      getConnectionInfo: () => ok({ schemaName: 'public', supportsRelationJoins: true }),
      dispose: async () => ok(undefined),
    });
  return { ...nameplate, connect, connectToShadowDb: connect };
}

/** The engine's kind of result. */
function ok(value) {
  return { ok: true, value, map: (change) => ok(change(value)), flatMap: (change) => change(value) };
}
