import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Stands between a client and a vault, and is bad at it. */
export interface LossyProxy {
  readonly url: string;
  /** How often each idempotency key came by. */
  readonly tries: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/**
 * Lets queries through. Of a mutation with an idempotency key it carries the first try to the vault and loses the
 * answer, answers the second with a 503 of its own, and lets the others through.
 */
export async function startLossyProxy(vault: string): Promise<LossyProxy> {
  const tries = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const key = keyOf(request.headers, body.toString());
    const nth = (tries.get(key) ?? 0) + 1;
    if (key) tries.set(key, nth);
    if (key && nth === 2) {
      response.writeHead(503, { 'content-type': 'application/json; charset=utf-8', 'retry-after': '1' });
      response.end('{"errors":[{"message":"Too much.","extensions":{"code":"OVERLOADED"}}],"extensions":{}}');
      return;
    }
    const { 'content-type': type = '', authorization = '', accept = '*/*' } = request.headers;
    const headers = { 'content-type': type, authorization, accept };
    const header = request.headers['idempotency-key'];
    const answer = await fetch(`${vault}${request.url}`, {
      method: 'POST',
      headers: { ...headers, ...(header && { 'idempotency-key': String(header) }) },
      body,
    });
    const text = await answer.text();
    if (key && nth === 1) request.socket.destroy();
    else
      response
        .writeHead(answer.status, { 'content-type': `${answer.headers.get('content-type')}` })
        .end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tries,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The key of a header, or of the variable of `@idempotent(key: $key)`. */
function keyOf(headers: IncomingHttpHeaders, body: string): string {
  const { key = '' } = (JSON.parse(body) as { variables?: { key?: string } }).variables ?? {};
  return String(headers['idempotency-key'] ?? key);
}
