/**
 * Memory for one value at a time, for what happens hundreds of times a request. Its views are made once for each
 * length: making a view takes a third of the time that the cryptography of a short value takes.
 */
export class Scratch {
  readonly memory: Buffer;
  readonly #start: number;
  readonly #views = new Map<number, Buffer>();

  /** @param start where its views begin. */
  constructor(bytes: number, start = 0) {
    this.memory = Buffer.alloc(bytes);
    this.#start = start;
  }

  /** So many bytes of it. */
  view(length: number): Buffer {
    const known = this.#views.get(length);
    if (known) return known;
    const view = this.memory.subarray(this.#start, this.#start + length);
    this.#views.set(length, view);
    return view;
  }
}
