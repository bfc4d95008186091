import { auditServer } from 'graphql-http';
import { send, postJson } from '../support/http.js';
import { startVault, type TestVault } from '../support/vault.js';
let vault: TestVault;
beforeAll(async () => { vault = await startVault(); });
afterAll(() => vault.close());
const out: string[] = [];
const show = (name: string, a: any) => out.push(`${name}: ${a.status} ${a.headers['x-request-id'] ? 'rid' : 'NO-RID'} ${a.headers['content-type']} ${a.text.slice(0, 300)}`);
test('probe', async () => {
  const u = vault.url;
  const auth = (vault.owner as any);
  const results = await auditServer({ url: `${u}/graphql` });
  out.push(results.filter(r => r.status !== 'ok').map(r => `${r.id} ${r.status} ${(r as any).name} ${(r as any).reason}`).join('\n'));
  const p = async (name: string, f: () => Promise<any>) => { try { show(name, await f()); } catch (e) { out.push(`${name}: THREW ${e}`); } };
  await p('malformed', () => postJson(u, '{"query": canary'));
  await p('empty', () => postJson(u, ''));
  for (const b of ['null', '[]', '1', '"x"', '[{"query":"{__typename}"}]', '{}', '{"query":1}', '{"query":""}', '{"query":"{__typename}","variables":"x"}','{"query":"{__typename}","extensions":"x"}', '{"query":"{__typename}","operationName":"canary"}','{"query":"query a{__typename} query b{__typename}"}'
   ,'{"query":"subscription { x }"}', '{"query":"{ canary }"}','{"query":"{ canary"}', '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"abc"}}}',JSON.stringify({query: `{ ${'__typename '.repeat(1100)} }`}), '{"query":"mutation { x }"}','{"query":"fragment A on Query { __typename }"}', '{"query":"query ($a: Int!) { __typename }","variables":{"a":"canary"}}', '{"__proto__":{"a":1},"query":"{__typename}"}'])
    await p(b.slice(0, 60), () => postJson(u, b));
  for (const ct of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/json; charset=utf-16', 'application/json; charset=latin1','application/graphql', 'application/xml', 'x', undefined, 'application/json;charset=UTF-8', 'application/graphql-response+json'])
    await p(`ct ${ct}`, () => send(`${u}/graphql`, { method: 'POST', headers: ct ? { 'content-type': ct } : {}, body: '{"query":"{__typename}"}' }));
  await p('big', () => postJson(u, JSON.stringify({ query: 'x'.repeat(10_000_000) })));
  await p('bigchunk', () => postJson(u, JSON.stringify({ query: 'x'.repeat(10_000_000) }), {'transfer-encoding': 'chunked'}));
  await p('latin1 bytes', () => postJson(u, Buffer.from('{"query":"{__typename}", "a":"\xff"}', 'latin1')));
  for (const path of ['/nothing', '/graphql/x', '/%', '/graphql/', '/%00', '/healthz', '/readyz', '//'])
    await p(`GET ${path}`, () => send(u + path));
  for (const m of ['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'FOO'])
    await p(m, () => send(`${u}/graphql`, { method: m }));
  await p('POST healthz', () => send(`${u}/healthz`, { method: 'POST' }));
  await p('POST /', () => send(`${u}/`, { method: 'POST', headers: {'content-type': 'application/json'}, body: '{"query":"{__typename}"}' }));
  await p('PUT json', () => send(`${u}/graphql`, { method: 'PUT', headers: {'content-type': 'application/json'}, body: '{"query":"{__typename}"}' }));
  await p('GET q', () => send(`${u}/graphql?query=%7B__typename%7D`));
  await p('GET q csrf', () => send(`${u}/graphql?query=%7B__typename%7D`, { headers: { 'apollo-require-preflight': '1' } }));
  await p('GET mutation csrf', () => send(`${u}/graphql?query=${encodeURIComponent('mutation { __typename }')}`, { headers: { 'apollo-require-preflight': '1' } }));
  await p('GET bad variables', () => send(`${u}/graphql?query=%7B__typename%7D&variables=canary`, { headers: { 'apollo-require-preflight': '1' } }));
  await p('GET dup q', () => send(`${u}/graphql?query=%7B__typename%7D&query=canary`, { headers: { 'apollo-require-preflight': '1' } }));
  await p('GET none', () => send(`${u}/graphql`));
  await p('GET html', () => send(`${u}/`, { headers: { accept: 'text/html' } }));
  await p('accept none', () => postJson(u, '{"query":"{__typename}"}', { accept: 'image/png' }));
  await p('bigheaders', () => send(`${u}/graphql`, { headers: { 'x-a': 'a'.repeat(9000) } }));
  await p('own rid', () => postJson(u, '{"query":"{__typename}"}', { 'x-request-id': 'canary' }));
  await p('mixed', () => postJson(u, '{"query":"{__typename customers { totalCount } }"}'));
  await p('introspect', () => postJson(u, '{"query":"{ __schema { queryType { name } } }"}'));
  out.push(vault.logged());
  require: await import('node:fs').then(fs => fs.writeFileSync('/tmp/probe.txt', out.join('\n')));
}, 60000);
