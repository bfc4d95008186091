import type { FastifyInstance } from 'fastify';

/** `/healthz`: the process is up. `/readyz`: the database answers; 503 while it does not. */
export function addHealthRoutes(http: FastifyInstance, ping: () => Promise<void>): void {
  http.get('/healthz', () => ({ status: 'up' }));
  http.get('/readyz', async (_request, reply) => {
    try {
      await ping();
      return { status: 'ready' };
    } catch {
      reply.code(503).header('retry-after', '1');
      return { status: 'not ready', reason: 'The database does not answer.' };
    }
  });
}
