// A connection that sends HTTP requests made beforehand and reads no more of an answer than its status and code: what
// many requests at once cost to send must not be what is measured.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than the server takes for any answer. */
const TIMEOUT_MS = 30_000;
/** Of an answer only so much is looked at, from either end. */
const LOOKED_AT = 2_000;
const END_OF_HEAD = '\r\n\r\n';
const LAST_CHUNK = '0\r\n\r\n';
/** Of a body that never ends so much is missing. */
const MISSING = 10;
const PAUSE_MS = 50;

/** The bytes of a POST to `/graphql`. */
export function postOf(body, headers = {}) {
  const all = { 'content-type': 'application/json', ...headers, 'content-length': Buffer.byteLength(body) };
  return bytesOf('POST /graphql', all, body);
}

/** The bytes of a GET. */
export function getOf(path, headers = {}) {
  return bytesOf(`GET ${path}`, headers, '');
}

function bytesOf(start, headers, body) {
  const lines = Object.entries({ host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`${start} HTTP/1.1\r\n${lines.join('\r\n')}${END_OF_HEAD}${body}`);
}

export class Connection {
  #url;
  #socket = null;

  constructor(url) {
    this.#url = new URL(url);
  }

  /** Resolves when it is open; gives up quietly, since the next request tries again. */
  async open() {
    if (this.#socket !== null && !this.#socket.destroyed) return;
    const socket = connect(Number(this.#url.port), this.#url.hostname);
    socket.setNoDelay(true);
    this.#socket = socket;
    await new Promise((resolve) => {
      socket.once('connect', resolve);
      socket.on('error', resolve);
      socket.once('close', resolve);
    });
  }

  /** Sends a request and reads its answer to the end; `cut` where the server hung up, `late` where nothing came. */
  async send(bytes) {
    await this.open();
    const socket = this.#socket;
    if (socket.destroyed) {
      await sleep(PAUSE_MS);
      return { status: 'cut', code: null };
    }
    return new Promise((resolve) => {
      const answer = new Answer();
      const done = (result) => {
        clearTimeout(timer);
        socket.off('data', read);
        socket.off('close', gone);
        resolve(result);
      };
      const gone = () => done({ status: 'cut', code: null });
      const read = (chunk) => {
        if (answer.isEndedBy(chunk)) done(answer.seen);
      };
      const timer = setTimeout(() => {
        done({ status: 'late', code: null });
        socket.destroy();
      }, TIMEOUT_MS);
      socket.on('data', read);
      socket.once('close', gone);
      socket.write(bytes);
    });
  }

  /** Sends a request but for the last of its bytes, and hangs up when the server has had time to read them. */
  async hangUp(bytes) {
    await this.open();
    const socket = this.#socket;
    await new Promise((resolve) => {
      socket.write(bytes.subarray(0, -MISSING), resolve);
      socket.once('close', resolve);
    });
    await sleep(PAUSE_MS);
    socket.destroy();
    return { status: 'left', code: null };
  }

  /** Sends a request whose answer is never read. */
  async leaveUnread(bytes) {
    await this.open();
    this.#socket.pause();
    this.#socket.write(bytes);
  }

  close() {
    this.#socket?.destroy();
  }
}

/** One answer while it comes in. */
class Answer {
  #head = '';
  #start = '';
  #tail = '';
  #left = null;
  #isChunked = false;
  #isInBody = false;

  /** Takes what came and tells whether it was the last of the answer. */
  isEndedBy(chunk) {
    if (this.#isInBody) return this.#isEndOfBody(chunk);
    this.#head += chunk.toString('latin1');
    const at = this.#head.indexOf(END_OF_HEAD);
    if (at < 0) return false;
    const body = Buffer.from(this.#head.slice(at + END_OF_HEAD.length), 'latin1');
    this.#head = this.#head.slice(0, at).toLowerCase();
    this.#left = Number(/\r\ncontent-length: *(\d+)/.exec(this.#head)?.[1] ?? 0);
    this.#isChunked = this.#head.includes('\r\ntransfer-encoding: chunked');
    this.#isInBody = true;
    return this.#isEndOfBody(body);
  }

  #isEndOfBody(chunk) {
    if (this.#start.length < LOOKED_AT) this.#start += chunk.toString('latin1', 0, LOOKED_AT);
    this.#tail = (this.#tail + chunk.toString('latin1', Math.max(0, chunk.length - LOOKED_AT))).slice(
      -LOOKED_AT,
    );
    this.#left -= chunk.length;
    return this.#isChunked ? this.#tail.endsWith(LAST_CHUNK) : this.#left <= 0;
  }

  get seen() {
    const status = Number(this.#head.split(' ')[1]);
    return { status, code: codeIn(this.#start) ?? codeIn(this.#tail) };
  }
}

/** The first code in an answer: of an error, or of one for the user. */
export function codeIn(text) {
  return /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? null;
}
