import { createServer } from 'node:http';

/** Serves each workload at its own path by `node:http` alone: `answer` is given its name and its variables. */
export function serve(answer) {
  createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      response.setHeader('content-type', 'application/json');
      try {
        response.end(await answer(request.url.slice(1), JSON.parse(Buffer.concat(chunks))));
      } catch (error) {
        response.statusCode = 500;
        response.end(JSON.stringify({ errors: [{ message: String(error) }] }));
      }
    });
  }).listen(Number(process.env.PORT), process.env.HOST);
}
