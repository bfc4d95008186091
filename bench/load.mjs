// One run of the load generator, in a process of its own: reads what to send from standard input, writes what it saw.
import autocannon from 'autocannon';

const input = await readAll(process.stdin);
const { url, headers, requests, connections, seconds } = JSON.parse(input);
const prepared = requests.map(({ path, headers: own, body }) =>
  httpRequest(new URL(url), path, { ...headers, ...own }, body),
);
const times = [];
let next = 0;
let bytes = 0;
let refused = 0;

const { errors, non2xx, mismatches, duration } = await run();
const sorted = Float64Array.from(times).sort();
process.stdout.write(
  JSON.stringify({
    requests: times.length,
    perSecond: times.length / duration,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    bytes: bytes / Math.max(1, times.length),
    failures: errors + non2xx + mismatches,
    /** More was asked for than had been prepared: only then are requests sent twice. */
    isExhausted: next > requests.length,
    refused,
  }),
);

async function run() {
  const instance = autocannon({
    url,
    connections,
    duration: seconds,
    requests: [{ method: 'POST' }],
    verifyBody: isGood,
    setupClient(client) {
      // Autocannon would put each request together anew, which takes as much of a core as the rest of its work.
      client.getRequestBuffer = () => prepared[next++ % prepared.length];
    },
  });
  instance.on('response', (_client, _status, size, time) => {
    bytes += size;
    times.push(time);
  });
  return instance;
}

function isGood(body) {
  const isGood = body.startsWith('{"data"') && !body.includes('"errors":[') && !body.includes('"code":"');
  if (!isGood && refused === 0) refused = body.slice(0, 500);
  return isGood;
}

function httpRequest({ host }, path, more, body) {
  const bytes = Buffer.from(body);
  const lines = [
    `POST ${path} HTTP/1.1`,
    `host: ${host}`,
    'content-type: application/json',
    'accept: application/json',
    `content-length: ${bytes.length}`,
    ...Object.entries(more).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]);
}

function quantile(sorted, share) {
  return sorted.length === 0 ? null : sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

async function readAll(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
